"""Projects that run in production, and difficult clients."""

import http.client
import re
import shlex
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager

from dev.projects import Project
from dev.readmes import blocks
from dev.servers import LONG, Server, free_port, serving

# The first are more than the threads of a worker.
SLOW_REQUESTS, QUEUED_REQUESTS = 40, 60

VIEWS = """

@{router}.route("/slow/<float:seconds>")
def slow(seconds):
    time.sleep(seconds)
    return "slow"


@{router}.route("/echo", methods=["POST"])
def echo():
    return request.get_data()


@{router}.route("/upload", methods=["POST"])
def upload():
    return str(len(request.files["file"].read()))


@{router}.route("/broken/<text>")
def broken(text):
    raise RuntimeError("on purpose")


@{router}.route("/seen")
def seen():
    {router_app}.logger.warning("looked")
    return {{
        "address": request.remote_addr,
        "process": os.getpid(),
        "url": url_for("static", filename="x", _external=True),
    }}
"""


def with_views(project: Project) -> Project:
    """Add the views of VIEWS to a project, and return it."""
    module = project.answers["layout"] == "module"
    names = {
        "router": "app" if module else "bp",
        "router_app": "app" if module else "current_app",
    }
    source = project.view.read_text(encoding="utf-8")
    imports = (
        "import os\nimport time\n\nfrom flask import current_app, request, url_for\n"
    )
    project.view.write_text(imports + source + VIEWS.format(**names), encoding="utf-8")
    return project


def production_command(project: Project, port: int | None = None) -> list[str]:
    """Return the first command of DEPLOY.md, as a list.

    ``port`` replaces the one that DEPLOY.md has.
    """
    block = blocks(project.read("DEPLOY.md"))[0]
    command = shlex.split(block.replace("\\\n", ""))
    return [word.replace("8000", str(port)) for word in command] if port else command


@contextmanager
def serving_in_production(
    project: Project,
    *,
    env: Mapping[str, str] | None = None,
    kill_timeout: int = 20,
) -> Iterator[Server]:
    """Run the production command of a project on a free port and yield the server.

    ``kill_timeout`` replaces the seconds that running requests have when it stops.
    """
    port = free_port()
    command = production_command(project, port)
    assert "20" in command
    command = [str(kill_timeout) if word == "20" else word for word in command]
    with serving(command, project.folder, port, env=env) as server:
        yield server


def wait_for_workers(server: Server, project: Project) -> None:
    """Wait until each worker that a project has in production says that it started."""
    workers = 2 if project.answers["deploy"] == "none" else 1
    started = re.compile("(Started|Booting) worker")
    server.wait_for(lambda _: len(started.findall(server.log.read_text())) == workers)


def ask(stack: ExitStack, port: int, line: str) -> socket.socket:
    """Send a request that begins with ``line`` and return the socket.

    ``stack`` closes it.
    """
    connection = socket.create_connection(("127.0.0.1", port), timeout=LONG)
    stack.enter_context(connection)
    head = f"{line}\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    connection.sendall(head.encode())
    return connection


def status(connection: socket.socket) -> int:
    """Return the status of the response that a socket receives, and close the socket.

    Raise AssertionError if the response is not complete.
    """
    with connection, http.client.HTTPResponse(connection) as response:
        response.begin()
        body = response.read()
        assert len(body) == int(response.headers["Content-Length"])
        return response.status


def statuses_around(port: int, stop: Callable[[], object]) -> list[int]:
    """Return the statuses of many requests in whose midst ``stop`` is called.

    SLOW_REQUESTS run then, or wait for a thread, and QUEUED_REQUESTS behind them.
    """
    with ExitStack() as stack:
        connections = [
            ask(stack, port, "GET /slow/0.9 HTTP/1.1") for _ in range(SLOW_REQUESTS)
        ]
        time.sleep(0.3)
        connections += [
            ask(stack, port, "GET / HTTP/1.1") for _ in range(QUEUED_REQUESTS)
        ]
        time.sleep(0.3)
        stop()
        return [status(connection) for connection in connections]

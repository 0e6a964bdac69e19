"""Run projects in production, and send them difficult requests."""

import http.client
import re
import shlex
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager

from dev.projects import Project
from dev.readmes import blocks
from dev.servers import LONG, Server, free_port, serving

# SLOW_REQUESTS exceeds the threads of two workers.
SLOW_REQUESTS, QUEUED_REQUESTS = 80, 60

VIEWS = """\
import os
import time

from flask import current_app, request, url_for


@bp.route("/slow/<float:seconds>")
def slow(seconds):
    time.sleep(seconds)
    return "slow"


@bp.route("/echo", methods=["POST"])
def echo():
    return request.get_data()


@bp.route("/upload", methods=["POST"])
def upload():
    return str(len(request.files["file"].read()))


@bp.route("/folder/")
def folder():
    return "folder"


@bp.route("/large")
def large():
    return (bytes(65536) for _ in range(192))


@bp.route("/stream/<name>")
def stream(name):
    def parts():
        yield "begin"
        while not os.path.exists(name):
            time.sleep(0.05)
        yield "end"

    return parts(), {"X-Accel-Buffering": "no"}


@bp.route("/broken/<text>")
def broken(text):
    raise RuntimeError("on purpose")


@bp.route("/seen")
def seen():
    current_app.logger.warning("looked")
    return {
        "address": request.remote_addr,
        "process": os.getpid(),
        "url": url_for("static", filename="x", _external=True),
    }
"""


def with_views(project: Project) -> Project:
    """Add VIEWS to the app of ``project`` in place and return the project."""
    router = "bp = app\n" if project.answers["layout"] == "module" else ""
    project.append(project.view, router + VIEWS)
    return project


def trusting_proxy(project: Project) -> dict[str, str]:
    """Make ``project`` trust one proxy as DEPLOY.md says, and return settings to do so.

    A module is changed in place.
    """
    if project.answers["layout"] != "module":
        return {"FLASK_PROXY_HOPS": "1", "FLASK_TRUSTED_HOSTS": '["hello.example.com"]'}
    (beginning,) = blocks(project.read("DEPLOY.md"), "python")
    old = "from flask import Flask\n\napp = Flask(__name__)\n"
    project.change(project.view, old, beginning)
    return {}


def production_command(project: Project, port: int | None = None) -> list[str]:
    """Return the first command in DEPLOY.md as a list, with ``port``, if any, for 8000."""
    block = blocks(project.read("DEPLOY.md"))[0]
    command = shlex.split(block.replace("\\\n", ""))
    return [re.sub("(^|:)8000$", rf"\g<1>{port or 8000}", word) for word in command]


@contextmanager
def serving_in_production(
    project: Project,
    *options: str,
    env: Mapping[str, str] | None = None,
    kill_timeout: int = 20,
) -> Iterator[Server]:
    """Run the production command of ``project`` on a free port and yield the Server.

    ``options`` are added to the command. ``kill_timeout`` is the number of seconds for
    running requests to finish on shutdown.
    """
    port = free_port()
    command = production_command(project, port)
    assert "20" in command
    command = [str(kill_timeout) if word == "20" else word for word in command]
    with serving([*command, *options], project.folder, port, env=env) as server:
        yield server


def wait_for_workers(server: Server, project: Project) -> None:
    """Wait until every production worker of ``project`` has logged its start."""
    workers = 2 if project.answers["deploy"] == "none" else 1
    started = re.compile("(Started|Booting) worker")
    server.wait_for(lambda _: len(started.findall(server.log.read_text())) == workers)


def connect(stack: ExitStack, port: int, start: bytes) -> socket.socket:
    """Open a connection, send ``start``, and return the socket; ``stack`` closes it."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=LONG)
    stack.enter_context(connection)
    connection.sendall(start)
    return connection


def ask(stack: ExitStack, port: int, line: str) -> socket.socket:
    """Do what ``connect`` does, for a request with the request line ``line``."""
    head = f"{line}\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    return connect(stack, port, head.encode())


def form_with_a_file(size: int) -> tuple[dict[str, str], bytes]:
    """Return the headers and the body of a form with a file of so many bytes."""
    part = b'Content-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    body = b"--limit\r\n" + part + b"x" * size + b"\r\n--limit--\r\n"
    return {"Content-Type": "multipart/form-data; boundary=limit"}, body


def status(connection: socket.socket) -> int:
    """Receive a response on ``connection``, close it, and return the response's status.

    Return 0 if the connection breaks, or the body is incomplete.
    """
    with connection, http.client.HTTPResponse(connection) as response:
        try:
            response.begin()
            body = response.read()
        except (OSError, http.client.HTTPException):
            return 0
        complete = len(body) == int(response.headers["Content-Length"])
        return response.status if complete else 0


def statuses_around(port: int, stop: Callable[[], object]) -> list[int]:
    """Call ``stop`` during many requests and return the statuses of their responses.

    At that time SLOW_REQUESTS are running or waiting for a thread, and QUEUED_REQUESTS
    are queued behind them. Each client closes its connection after the response.
    """
    number = SLOW_REQUESTS + QUEUED_REQUESTS
    with ExitStack() as stack, ThreadPoolExecutor(number) as clients:

        def send(line: str, times: int) -> list[Future[int]]:
            connections = [ask(stack, port, line) for _ in range(times)]
            time.sleep(0.3)
            return [clients.submit(status, each) for each in connections]

        responses = send("GET /slow/0.9 HTTP/1.1", SLOW_REQUESTS)
        responses += send("GET / HTTP/1.1", QUEUED_REQUESTS)
        stop()
        return [response.result() for response in responses]

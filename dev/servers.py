"""Run servers in separate processes, and send requests to them."""

import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from pathlib import Path
from typing import Any, TypeVar

from dev.commands import (
    WINDOWS,
    Command,
    failure,
    outside_environment,
    run,
    with_uv,
)

GREETING = "Hello, World!"
# In seconds: long enough for any slow machine, but not endless.
LONG = 300
HELD = deque[int]()
T = TypeVar("T")


def free_port() -> int:
    """Return a loopback port on which nothing listens, and which no other process gets.

    No system gives such a low port to a client. For UDP, it stays occupied until this
    process has asked for many others, so their servers cannot take it before its own.
    """
    while True:
        port = 10_000 + secrets.randbelow(22_768)
        held = socket.socket(type=socket.SOCK_DGRAM)
        with suppress(OSError), socket.socket() as probe:
            held.bind(("127.0.0.1", port))
            probe.bind(("127.0.0.1", port))
            HELD.append(held.detach())
            if len(HELD) > 50:
                socket.close(HELD.popleft())
            return port
        held.close()


@dataclass
class Response:
    """A response to an HTTP request."""

    status: int
    text: str
    headers: Message


def fetch(
    url: str,
    method: str = "GET",
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = LONG,
) -> Response:
    """Send a request and return the Response, for any status.

    Raise OSError or HTTPException if there is none within ``timeout`` seconds.
    """
    request = urllib.request.Request(  # noqa: S310
        url, body, dict(headers or {}), method=method
    )
    try:
        answer = urllib.request.urlopen(request, timeout=timeout)  # noqa: S310
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        text = answer.read().decode()
        return Response(answer.status, text, answer.headers)


def greet(url: str) -> Response:
    """Send a greeting to a service, which has its greetings at ``url``."""
    return fetch(url, "POST", b'{"text": "Hi"}', {"Content-Type": "application/json"})


def answer(url: str, condition: Callable[[Response], bool]) -> Response | None:
    """Return the Response to ``GET url`` if there is one that meets ``condition``."""
    # The server may not listen yet, or it may exit during the request.
    with suppress(OSError, HTTPException):
        response = fetch(url, timeout=10)
        return response if condition(response) else None
    return None


def first_page(url: str) -> str:
    """Return the page at ``url`` as soon as its status is 200."""
    return wait_until(lambda: answer(url, lambda page: page.status == 200)).text


def wait_until(
    result_of: Callable[[], T | None],
    process: subprocess.Popen[bytes] | None = None,
    log: Path | None = None,
    seconds: float = LONG,
) -> T:
    """Call ``result_of`` again and again, and return its first true result.

    Raise AssertionError if it takes longer than ``seconds``, or if ``process`` exits,
    with the text of its ``log``.
    """
    deadline = time.monotonic() + seconds
    while not (result := result_of()):
        runs = process is None or process.poll() is None
        if not runs or time.monotonic() > deadline:
            command: Any = process and process.args
            raise AssertionError(log and failure(command, log.parent, log.read_text()))
        time.sleep(0.02)
    return result


@dataclass
class Server:
    """A server process that answers at ``url``."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    @property
    def port(self) -> int:
        """The port on which it listens."""
        return int(self.url.rpartition(":")[2])

    def get(self, path: str = "/", *how: Any, **more: Any) -> Response:
        """Do what ``fetch`` does, for a path."""
        return fetch(self.url + path, *how, **more)

    def wait_for(
        self, condition: Callable[[Response], bool], seconds: float = LONG
    ) -> Response:
        """Return the first Response to ``GET /`` that meets ``condition``.

        Raise AssertionError as ``wait_until`` does.
        """
        url = f"{self.url}/"
        return wait_until(
            lambda: answer(url, condition), self.process, self.log, seconds
        )


def start(
    command: Command,
    folder: Path,
    log: Path,
    *,
    env: Mapping[str, str] | None = None,
    stdout: int | None = None,
) -> subprocess.Popen[bytes]:
    """Start ``command`` in ``folder`` and return its process, for ``stop``.

    Its output goes to the file ``log``, except for ``stdout``, if that is a descriptor.
    """
    with log.open("w") as output:
        return subprocess.Popen(
            with_uv(command),
            cwd=folder,
            env=outside_environment(env),
            stdout=output if stdout is None else stdout,
            stderr=output,
            start_new_session=True,
        )


@contextmanager
def serving(
    command: Command,
    folder: Path,
    port: int | None = None,
    *,
    env: Mapping[str, str] | None = None,
    stdout: int | None = None,
) -> Iterator[Server]:
    """Run the server ``command`` in ``folder`` and yield the Server once it responds.

    ``command`` must listen on ``port``; without one, FLASK_RUN_PORT names a free port. Its
    standard output goes to the descriptor ``stdout``, if any, instead of the server's log.
    """
    port = port or free_port()
    log = folder / "server.log"
    variables = {**(env or {}), "FLASK_RUN_PORT": str(port)}
    process = start(command, folder, log, env=variables, stdout=stdout)
    server = Server(process, f"http://127.0.0.1:{port}", log)
    try:
        server.wait_for(lambda response: True)
        yield server
    finally:
        stop(process)


NGINX = """\
daemon off;
master_process off;
error_log stderr;
pid nginx.pid;
events {{}}
http {{
    access_log off;
    send_timeout 1h;
    client_body_temp_path body;
    fastcgi_temp_path fastcgi;
    proxy_temp_path proxy;
    scgi_temp_path scgi;
    uwsgi_temp_path uwsgi;
    {upstream}
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate certificate.pem;
        ssl_certificate_key key.pem;
{lines}
    }}
}}
"""


@contextmanager
def nginx(folder: Path, lines: str, upstream: str = "") -> Iterator[int]:
    """Run nginx with TLS for hello.example.com, and yield its port on 127.0.0.1.

    ``lines`` are those of its server block, ``upstream`` those before it. It writes in
    ``folder``, certificate.pem included.
    """
    port = free_port()
    folder.mkdir(exist_ok=True)
    text = NGINX.format(port=port, lines=lines, upstream=upstream)
    (folder / "nginx.conf").write_text(text, encoding="utf-8")
    names = "subjectAltName=DNS:hello.example.com,IP:127.0.0.1"
    make = "openssl req -x509 -newkey rsa:2048 -nodes -subj /CN=hello -keyout key.pem"
    run([*make.split(), "-out", "certificate.pem", "-addext", names], folder)
    log = folder / "nginx.log"
    command: Command = ["nginx", "-e", "stderr", "-p", folder, "-c", "nginx.conf"]
    process = start(command, folder, log)

    def listens() -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return True
        return False

    try:
        wait_until(listens, process, log)
        yield port
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """Kill ``process`` and its child processes."""
    if WINDOWS:
        kill = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(kill, check=False)
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=LONG)

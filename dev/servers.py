"""Servers in processes of their own, and requests to them."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path

from dev.commands import WINDOWS, Command, outside_environment, with_uv

GREETING = "Hello, World!"
# A bound against a hang, which a slow machine does not reach.
LONG = 300


def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Response:
    """An answer to an HTTP request."""

    status: int
    text: str
    headers: dict[str, str]


@dataclass
class Server:
    """A server process that answers at ``url``."""

    process: subprocess.Popen[bytes]
    url: str
    log: Path

    @property
    def port(self) -> int:
        """The port that it listens on."""
        return int(self.url.rpartition(":")[2])

    def get(
        self,
        path: str = "/",
        method: str = "GET",
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float = LONG,
    ) -> Response:
        """Return the Response to a request, error statuses included.

        Raise OSError or HTTPException if there is none within ``timeout`` seconds.
        """
        asked = urllib.request.Request(  # noqa: S310
            self.url + path, body, dict(headers or {}), method=method
        )
        try:
            answer = urllib.request.urlopen(asked, timeout=timeout)  # noqa: S310
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            text = answer.read().decode()
            return Response(answer.status, text, dict(answer.headers.items()))

    def wait_for(
        self, condition: Callable[[Response], bool], seconds: float = LONG
    ) -> Response:
        """Return the first Response to ``GET /`` that meets ``condition``.

        Raise AssertionError, with what the server printed, if it ends or takes longer
        than ``seconds``.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
            with suppress(OSError, HTTPException):  # It may end while it answers.
                response = self.get(timeout=10)
                if condition(response):
                    return response
            time.sleep(0.005)
        raise AssertionError(self.log.read_text(encoding="utf-8"))


@contextmanager
def serving(
    command: Command,
    folder: Path,
    port: int | None = None,
    *,
    env: Mapping[str, str] | None = None,
) -> Iterator[Server]:
    """Run the server ``command`` in ``folder`` and yield it when it answers.

    ``FLASK_RUN_PORT`` names a free port for it, unless ``port`` says which one it uses.
    """
    variables = {**(env or {}), "FLASK_RUN_PORT": str(port or free_port())}
    log = folder / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            with_uv(command),
            cwd=folder,
            env=outside_environment(variables),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(process, f"http://127.0.0.1:{variables['FLASK_RUN_PORT']}", log)
    try:
        server.wait_for(lambda response: True)
        yield server
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End ``process`` and all that it started."""
    if WINDOWS:
        kill = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(kill, check=False)
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=LONG)

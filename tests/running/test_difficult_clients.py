"""Slow, idle or lost clients do not block others on the production server."""

import resource
import socket
import struct
import threading
import time
from contextlib import ExitStack

import pytest

from dev.commands import LINUX
from dev.production import connect, serving_in_production
from dev.servers import GREETING, LONG
from dev.variants import CHOICES, SERVERS_AND_PAGES

pytestmark = pytest.mark.skipif(not LINUX, reason="Gunicorn's command is for Linux")

BODY = b"Host: localhost\r\nContent-Length: 4000\r\n\r\nx"
READ, UNREAD = b"POST /echo HTTP/1.1\r\n" + BODY, b"POST / HTTP/1.1\r\n" + BODY
HEADERS = b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: x"
# As DEPLOY.md says, each of these clients occupies one of Gunicorn's 32 threads.
SLOW = {
    "granian": {READ: 24, UNREAD: 24, HEADERS: 300, b"": 1500},
    "gunicorn": {READ: 12, UNREAD: 6, HEADERS: 6},
}
RESERVE = 200  # File descriptors that servers and tests need for other things.


@pytest.fixture
def open_files():
    """Raise the limit of open files as far as allowed, and yield it."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    yield hard
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def dribble(clients, over):
    """Keep sending a byte on each of ``clients`` until ``over`` is set."""
    while not over.wait(0.1):
        for client in clients:
            client.send(b"x")


def leave(port, start):
    """Send ``start`` and reset the connection, as a killed process does."""
    with ExitStack() as stack:
        client = connect(stack, port, start)
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


@pytest.mark.parametrize(("server", "layout"), SERVERS_AND_PAGES)
def test_slow_clients_do_not_block_others(
    production_project, open_files, server, layout
):
    project = production_project(server, layout, "container")
    with serving_in_production(project, kill_timeout=2) as served, ExitStack() as stack:
        slow, room = [], open_files - RESERVE
        for start, count in SLOW[server].items():
            clients = [
                connect(stack, served.port, start) for _ in range(min(count, room))
            ]
            room -= len(clients)
            slow += clients if start in (READ, HEADERS) else []
        over = threading.Event()
        thread = threading.Thread(target=dribble, args=(slow, over))
        thread.start()
        stack.callback(thread.join)
        stack.callback(over.set)
        time.sleep(0.5)
        for _ in range(10):
            assert GREETING in served.get().text
            assert served.get("/healthz").text == "OK"
            time.sleep(0.1)
        assert thread.is_alive(), "a slow client was turned away"
        over.set()
        thread.join()
        served.process.terminate()
        assert served.process.wait(timeout=LONG) == 0, served.log.read_text()


@pytest.mark.parametrize("server", CHOICES["server"])
def test_idle_connections_do_not_block_others(production_project, open_files, server):
    project = production_project(server, "module", "container")
    with serving_in_production(project) as served, ExitStack() as stack:
        request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
        for _ in range(min(4000, open_files - RESERVE)):
            client = connect(stack, served.port, request)
            assert client.recv(100).startswith(b"HTTP/1.1 200 ")
        for _ in range(10):
            assert GREETING in served.get().text


@pytest.mark.parametrize("server", CHOICES["server"])
def test_slow_readers_occupy_threads(production_project, server):
    project = production_project(server, "module", "container")
    with serving_in_production(project) as served:
        with ExitStack() as stack:
            for _ in range(32):
                client = socket.socket()
                stack.enter_context(client)
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2304)
                client.connect(("127.0.0.1", served.port))
                client.sendall(b"GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n")
            time.sleep(1)
            with pytest.raises(OSError, match="timed out"):
                served.get(timeout=3)
        assert GREETING in served.get().text


@pytest.mark.parametrize("server", CHOICES["server"])
def test_client_that_never_closes_its_connection_does_not_block_others(
    production_project, server
):
    project = production_project(server, "module", "container")
    with serving_in_production(project) as served, ExitStack() as stack:
        client = connect(stack, served.port, b"GET / HTTP/1.0\r\n\r\n")
        assert client.makefile("rb").read().endswith(GREETING.encode())
        assert GREETING in served.get().text  # From Gunicorn, after two seconds.


@pytest.mark.parametrize(("server", "layout"), SERVERS_AND_PAGES)
def test_reset_connections_do_not_block_others(production_project, server, layout):
    project = production_project(server, layout, "container")
    with serving_in_production(project, kill_timeout=LONG) as served:
        for start in (b"", HEADERS, READ, UNREAD, b"GET /slow/0.1 HTTP/1.1\r\n\r\n"):
            for _ in range(70):  # More than the threads of two workers.
                leave(served.port, start)
            assert GREETING in served.get().text
        begin = time.monotonic()
        served.process.terminate()
        assert served.process.wait(timeout=LONG) == 0, served.log.read_text()
        assert time.monotonic() - begin < LONG / 2, "it waits for who has left"

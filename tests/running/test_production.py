"""The production command in DEPLOY.md serves, stops and fails correctly."""

import json
import os
import signal
import socket
import time
from contextlib import ExitStack

import pytest

from dev.commands import LINUX, attempt
from dev.production import (
    QUEUED_REQUESTS,
    SLOW_REQUESTS,
    ask,
    production_command,
    serving_in_production,
    statuses_around,
    wait_for_workers,
)
from dev.servers import GREETING, LONG, free_port, serving
from dev.variants import CHOICES, SERVERS_AND_LAYOUTS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not LINUX, reason="Gunicorn's command is for Linux"),
]


@pytest.fixture(params=SERVERS_AND_LAYOUTS, ids="-".join)
def deployed(production_project, request):
    """Return a project for deployment, for every server and layout."""
    return production_project(*request.param, "container")


@pytest.mark.parametrize("deploy", CHOICES["deploy"])
@pytest.mark.parametrize(("server", "layout"), SERVERS_AND_LAYOUTS)
def test_production_command_serves(production_project, server, layout, deploy):
    with serving_in_production(production_project(server, layout, deploy)) as served:
        assert GREETING in served.get("/").text
        head = served.get("/", "HEAD")
        assert (head.status, head.text) == (200, "")
        headers = {name.lower(): value for name, value in head.headers.items()}
        assert int(headers["content-length"]) >= len(GREETING)
        assert served.get("/no-such-page").status == 404
        health = served.get("/healthz")
        assert health.status == (404 if deploy == "none" else 200)
        assert deploy == "none" or health.text == "OK"


@pytest.mark.parametrize(
    "deploy", ["none", pytest.param("container", marks=pytest.mark.expensive)]
)
@pytest.mark.parametrize(("server", "layout"), SERVERS_AND_LAYOUTS)
def test_shutdown_finishes_pending_requests(production_project, server, layout, deploy):
    project = production_project(server, layout, deploy)
    with serving_in_production(project) as served:
        wait_for_workers(served, project)
        statuses = statuses_around(served.port, served.process.terminate)
        assert statuses == [200] * (SLOW_REQUESTS + QUEUED_REQUESTS)
        assert served.process.wait(timeout=LONG) == 0


@pytest.mark.parametrize("deploy", ["none", "container"])
@pytest.mark.parametrize(("server", "layout"), SERVERS_AND_LAYOUTS)
def test_idle_server_stops_at_once(production_project, server, layout, deploy):
    project = production_project(server, layout, deploy)
    with serving_in_production(project, kill_timeout=LONG) as running:
        wait_for_workers(running, project)
        time.sleep(0.5)  # Granian's worker can miss a signal while it starts.
        start = time.monotonic()
        running.process.terminate()
        assert running.process.wait(timeout=LONG) == 0
        assert time.monotonic() - start < LONG / 2, "it waits for the timeout"


def test_shutdown_does_not_wait_forever(deployed):
    with (
        serving_in_production(deployed, kill_timeout=2) as server,
        ExitStack() as stack,
    ):
        ask(stack, server.port, "GET /slow/3600.0 HTTP/1.1")
        time.sleep(0.3)
        server.process.terminate()
        assert server.process.wait(timeout=LONG) in (0, 1)


def process_of(server):
    """Return the ID of a worker process that responds."""
    return json.loads(server.get("/seen").text)["process"]


def test_killed_worker_is_replaced(deployed):
    with serving_in_production(deployed) as server:
        first = process_of(server)
        os.kill(first, signal.SIGKILL)
        server.wait_for(lambda response: response.status == 200)
        assert process_of(server) != first


@pytest.mark.parametrize(
    "deploy", ["none", pytest.param("container", marks=pytest.mark.expensive)]
)
@pytest.mark.parametrize(("server", "layout"), SERVERS_AND_LAYOUTS)
def test_failed_import_is_reported(
    production_project, tmp_path, server, layout, deploy
):
    project = production_project(server, layout, deploy).copy(tmp_path / "my-shop")
    project.view.write_text("import nothing_of_this_name\n")
    project.install()
    ended = attempt(production_command(project, free_port()), project.folder)
    assert ended.returncode != 0
    assert "No module named 'nothing_of_this_name'" in ended.stdout + ended.stderr


def test_taken_port_is_reported(deployed):
    with socket.create_server(("0.0.0.0", 0)) as other:  # noqa: S104
        port = other.getsockname()[1]
        ended = attempt(production_command(deployed, port), deployed.folder)
    assert ended.returncode != 0
    assert "ddress already in use" in ended.stdout + ended.stderr


def lines_of(server):
    """Return the lines that a server has printed so far."""
    return server.log.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("server", CHOICES["server"])
def test_access_log_can_be_enabled_for_the_smallest_app(production_project, server):
    option = {"granian": ["--access-log"], "gunicorn": ["--access-logfile", "-"]}
    project = production_project(server, "module", "none")
    assert f"`{' '.join(option[server])}`" in project.read("DEPLOY.md")
    port = free_port()
    command = [*production_command(project, port), *option[server]]
    with serving(command, project.folder, port) as served:
        served.get("/no-such-page")
        deadline = time.monotonic() + LONG
        while not any(" /no-such-page " in line for line in lines_of(served)):
            assert time.monotonic() < deadline
            time.sleep(0.01)

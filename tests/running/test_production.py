"""The production command of the README serves, stops and fails as it should."""

import json
import os
import re
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
    status,
    statuses_around,
    wait_for_workers,
    with_kill_timeout,
)
from dev.servers import GREETING, LONG, free_port, serving
from dev.variants import CHOICES, SERVERS_AND_LAYOUTS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not LINUX, reason="Gunicorn's command is for Linux"),
]


@pytest.fixture(params=SERVERS_AND_LAYOUTS, ids="-".join)
def deployed(production_project, request):
    """Give a project of each combination that is made to be deployed."""
    return production_project(*request.param, "container")


@pytest.mark.parametrize("deploy", CHOICES["deploy"])
@pytest.mark.parametrize(("server", "layout"), SERVERS_AND_LAYOUTS)
def test_answers(production_project, server, layout, deploy):
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


def test_body_over_the_limit_is_refused_before_it_is_sent(deployed):
    with serving_in_production(deployed) as server, ExitStack() as stack:
        limit = 1024 * 1024
        assert server.get("/echo", "POST", b"x" * limit).status == 200
        length = f"POST /echo HTTP/1.1\r\nContent-Length: {limit + 1}"
        assert status(ask(stack, server.port, length)) == 413
        assert server.get("/echo", "POST", b"x").text == "x"
    with serving_in_production(
        deployed, env={"FLASK_MAX_CONTENT_LENGTH": "2"}
    ) as server:
        assert server.get("/echo", "POST", b"xxx").status == 413


def test_stop_answers_what_was_asked(deployed):
    with serving_in_production(deployed) as server:
        statuses = statuses_around(server.port, server.process.terminate)
        assert statuses == [200] * (SLOW_REQUESTS + QUEUED_REQUESTS)
        assert server.process.wait(timeout=LONG) == 0


@pytest.mark.parametrize("deploy", ["none", "container"])
@pytest.mark.parametrize(("server", "layout"), SERVERS_AND_LAYOUTS)
def test_idle_server_stops_at_once(production_project, server, layout, deploy):
    project = production_project(server, layout, deploy)
    port = free_port()
    command = with_kill_timeout(production_command(project, port), LONG)
    with serving(command, project.folder, port) as running:
        wait_for_workers(running, project)
        time.sleep(0.5)  # Granian's worker can miss a signal while it starts.
        start = time.monotonic()
        running.process.terminate()
        assert running.process.wait(timeout=LONG) == 0
        assert time.monotonic() - start < LONG / 2, "it waits for the timeout"


def test_stop_does_not_wait_for_ever(deployed):
    port = free_port()
    command = with_kill_timeout(production_command(deployed, port), 2)
    with serving(command, deployed.folder, port) as server, ExitStack() as stack:
        ask(stack, port, "GET /slow/3600.0 HTTP/1.1")
        time.sleep(0.3)
        server.process.terminate()
        assert server.process.wait(timeout=LONG) in (0, 1)


def test_killed_worker_is_replaced(deployed):
    with serving_in_production(deployed) as server:
        first = request_facts(server)["process"]
        os.kill(first, signal.SIGKILL)
        server.wait_for(lambda response: response.status == 200)
        assert request_facts(server)["process"] != first


@pytest.mark.parametrize(
    "deploy", ["none", pytest.param("container", marks=pytest.mark.expensive)]
)
@pytest.mark.parametrize(("server", "layout"), SERVERS_AND_LAYOUTS)
def test_app_that_cannot_be_imported_ends_with_the_reason(
    production_project, tmp_path, server, layout, deploy
):
    project = production_project(server, layout, deploy).copy(tmp_path / "my-shop")
    project.view.write_text("import nothing_of_this_name\n")
    project.install()
    ended = attempt(production_command(project, free_port()), project.folder)
    assert ended.returncode != 0
    assert "No module named 'nothing_of_this_name'" in ended.stdout + ended.stderr


def test_taken_port_ends_with_the_reason(deployed):
    with socket.create_server(("0.0.0.0", 0)) as other:  # noqa: S104
        port = other.getsockname()[1]
        ended = attempt(production_command(deployed, port), deployed.folder)
    assert ended.returncode != 0
    assert "ddress already in use" in ended.stdout + ended.stderr


def lines_of(server):
    """Return the lines that a server has written so far."""
    return server.log.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("server", CHOICES["server"])
def test_smallest_app_is_logged_by_the_server_if_asked(production_project, server):
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


def request_facts(server, headers=None):
    """Return what the app knows of a request with ``headers``."""
    return json.loads(server.get("/seen", headers=headers).text)


@pytest.fixture(params=SERVERS_AND_LAYOUTS, ids="-".join)
def proxied_project(request, production_project, tmp_path):
    """Give each of the smallest projects, with what its README says about proxies."""
    server, layout = request.param
    project = production_project(server, layout, "none").copy(tmp_path / "my-shop")
    section = project.read("DEPLOY.md").partition("### Behind a proxy")[2]
    if layout == "module":
        lines = section.partition("```python\n")[2].partition("```")[0]
        made_here = "app = Flask(__name__)\n"
        project.change(project.view, made_here, made_here + lines)
    project.install()
    return project


def test_proxies_are_trusted_from_the_environment(proxied_project):
    addresses = {"X-Forwarded-For": "1.1.1.1, 2.2.2.2"}
    with serving_in_production(
        proxied_project, env={"FLASK_PROXY_HOPS": "1"}
    ) as server:
        facts = request_facts(server, {"X-Forwarded-Proto": "https", **addresses})
        assert facts["address"] == "2.2.2.2"
        assert facts["url"].startswith("https://127.0.0.1:")
    with serving_in_production(
        proxied_project, env={"FLASK_PROXY_HOPS": "2"}
    ) as server:
        assert request_facts(server, addresses)["address"] == "1.1.1.1"


def test_no_proxy_is_trusted_by_default(proxied_project):
    forged = {"X-Forwarded-For": "1.1.1.1", "X-Forwarded-Host": "evil.example"}
    if proxied_project.answers["server"] == "granian":
        # Gunicorn believes this one if it comes from the same machine.
        forged["X-Forwarded-Proto"] = "https"
    with serving_in_production(proxied_project) as server:
        facts = request_facts(server, forged)
        assert facts["address"] == "127.0.0.1"
        assert facts["url"].startswith(server.url)


def test_other_hosts_are_refused_from_the_environment(deployed):
    (setting,) = re.findall("`(FLASK_TRUSTED_HOSTS=.*?)`", deployed.read("DEPLOY.md"))
    port = free_port()
    script = ["bash", "-c", f'{setting} exec "$@"', "bash"]
    command = [*script, *production_command(deployed, port)]
    with serving(command, deployed.folder, port) as server:
        assert server.get("/", headers={"Host": "example.com"}).status == 200
        assert server.get("/", headers={"Host": "evil.example"}).status == 400
        assert server.get("/healthz", headers={"Host": "10.0.0.7:8000"}).status == 200

"""The production command in DEPLOY.md serves, stops and fails correctly."""

import json
import os
import re
import shlex
import signal
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from dev.commands import LINUX, attempt, run
from dev.production import (
    QUEUED_REQUESTS,
    SLOW_REQUESTS,
    ask,
    production_command,
    serving_in_production,
    status,
    statuses_around,
    wait_for_workers,
)
from dev.servers import GREETING, LONG, first_page, free_port, serving, wait_until
from dev.variants import CHOICES, DIAGONAL

pytestmark = pytest.mark.skipif(not LINUX, reason="Gunicorn's command is for Linux")


@pytest.fixture(params=DIAGONAL, ids="-".join)
def deployed(production_project, request):
    """Return a project for deployment, for every server."""
    return production_project(*request.param, "container")


@pytest.mark.parametrize(("server", "layout"), DIAGONAL)
def test_shutdown_finishes_pending_requests(production_project, server, layout):
    project = production_project(server, layout, "none")
    with serving_in_production(project) as served:
        wait_for_workers(served, project)
        statuses = statuses_around(served.port, served.process.terminate)
        assert statuses == [200] * (SLOW_REQUESTS + QUEUED_REQUESTS)
        assert served.process.wait(timeout=LONG) == 0


def interrupt(server):
    """Send SIGINT to all processes of ``server``, as a terminal does for Ctrl+C."""
    os.killpg(server.process.pid, signal.SIGINT)


# Without an interruption, SIGTERM stops the server.
@pytest.mark.parametrize(
    ("deploy", "interruptions"),
    [("none", 0), ("container", 0), ("none", 1), ("none", 2)],
)
@pytest.mark.parametrize(("server", "layout"), DIAGONAL)
def test_idle_server_stops_at_once(
    production_project, server, layout, deploy, interruptions
):
    project = production_project(server, layout, deploy)
    # After Ctrl+C, Granian may wait for the whole time, as DEPLOY.md says, and Gunicorn
    # after a second one.
    may_wait = interruptions == 2 or (interruptions and server == "granian")
    timeout = 5 if may_wait else LONG
    with serving_in_production(project, kill_timeout=timeout) as running:
        wait_for_workers(running, project)
        time.sleep(0.5)  # Granian's worker can miss a signal while it starts.
        start = time.monotonic()
        if not interruptions:
            running.process.terminate()
        for _ in range(interruptions):
            interrupt(running)
            time.sleep(0.5)
        ended = running.process.wait(timeout=LONG)
        assert ended == 0 or may_wait
        assert time.monotonic() - start < LONG / 2, "it waits for the timeout"


@pytest.mark.parametrize(("server", "layout"), DIAGONAL)
def test_ctrl_c_finishes_pending_requests(production_project, server, layout):
    project = production_project(server, layout, "none")
    with serving_in_production(project, kill_timeout=30) as running, ExitStack() as s:
        wait_for_workers(running, project)
        time.sleep(0.5)
        asked = [ask(s, running.port, "GET /slow/2.0 HTTP/1.1") for _ in range(4)]
        time.sleep(0.3)
        interrupt(running)
        assert [status(each) for each in asked] == [200] * 4
        assert running.process.wait(timeout=LONG) == 0


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


@pytest.mark.parametrize("server", CHOICES["server"])
def test_killed_worker_is_replaced(bake, production_project, server):
    # Granian does so in a pod.
    kustomization = bake(deploy="kubernetes").read("kubernetes/kustomization.yaml")
    respawn = dict(re.findall("- (GRANIAN_RESPAWN.+)=(.+)", kustomization))
    assert respawn
    project = production_project(server, "module", "container")
    with serving_in_production(project, env=respawn) as served:
        first = process_of(served)
        os.kill(first, signal.SIGKILL)
        served.wait_for(lambda _: process_of(served) != first)


@pytest.mark.parametrize("deploy", ["none", "container"])
def test_granian_ends_with_a_killed_worker(production_project, deploy):
    project = production_project("granian", "module", deploy)
    with serving_in_production(project, kill_timeout=LONG) as server:
        wait_for_workers(server, project)
        time.sleep(0.5)  # Granian's worker can miss a signal while it starts.
        os.kill(process_of(server), signal.SIGKILL)
        assert server.process.wait(timeout=LONG) == 1
        assert "`Unexpected exit from worker-1`" in project.read("DEPLOY.md")
        assert "Unexpected exit from worker-" in server.log.read_text()


ONE_WAY = pytest.mark.expensive(reason="make test fails in one way, with four workers")
FAILURES = {
    "import": "import nothing_of_this_name\n",
    "setting": "raise SystemExit(4)\n",
    "slow": "import time\n\ntime.sleep(1)\nraise RuntimeError('on purpose')\n",
}


@pytest.mark.parametrize(
    ("failure", "workers"),
    [
        pytest.param(*each, marks=[ONE_WAY] * (each != ("slow", 4)))
        for each in zip(FAILURES, [1, 2, 4], strict=True)
    ],
)
@pytest.mark.parametrize(("server", "layout"), DIAGONAL)
def test_failed_start_ends(
    production_project, tmp_path, server, layout, failure, workers
):
    project = production_project(server, layout, "container").copy(tmp_path / "my-shop")
    project.view.write_text(FAILURES[failure])
    project.install()
    number = {"granian": "GRANIAN_WORKERS", "gunicorn": "WEB_CONCURRENCY"}[server]
    command = production_command(project, free_port())
    ended = attempt(command, project.folder, env={number: str(workers)})
    assert ended.returncode in (1, 3, 4)
    said = ended.stdout + ended.stderr
    reason = "No module named 'nothing_of_this_name'"
    assert (reason in said) == (failure == "import")
    told = {
        "granian": "Unexpected exit from worker-",
        "gunicorn": "(Worker|App) failed to (boot|load)",
    }
    assert re.search(told[server], said) or ended.returncode == 4


def test_taken_port_is_reported(deployed):
    with (
        socket.create_server(("0.0.0.0", 0)) as other,  # noqa: S104
        pytest.raises(AssertionError, match="ddress already in use"),
    ):
        run(production_command(deployed, other.getsockname()[1]), deployed.folder)


@pytest.mark.parametrize(("server", "layout"), DIAGONAL)
def test_command_uses_the_port_of_a_platform(production_project, server, layout):
    project = production_project(server, layout, "none")
    (option,) = {*re.findall(r"`(--\S+ \S*\$PORT)`", project.read("DEPLOY.md"))}
    line = shlex.join(production_command(project))
    line = re.sub(rf"{option.split()[0]} \S+", lambda _: option, line)
    assert option in line
    port = free_port()
    command = ["bash", "-c", f"exec {line}"]
    with serving(command, project.folder, port, env={"PORT": str(port)}) as served:
        assert GREETING in served.get().text


@pytest.mark.parametrize("server", CHOICES["server"])
def test_access_log_can_be_enabled_for_the_smallest_app(production_project, server):
    options = {"granian": ["--access-log"], "gunicorn": ["--access-logfile", "-"]}
    project = production_project(server, "module", "none")
    assert f"`{' '.join(options[server])}`" in project.read("DEPLOY.md")
    with serving_in_production(project, *options[server]) as served:
        served.get("/no-such-page")
        wait_until(lambda: " /no-such-page " in served.log.read_text())


def test_headers_of_9_kb_need_an_option_of_gunicorn(production_project):
    for server, alone in ("granian", 200), ("gunicorn", 431):
        project = production_project(server, "module", "none")
        document = project.read("DEPLOY.md")
        options = re.findall(r"`(--limit-request-field_size \d+)`", document)
        assert len(options) == (server == "gunicorn")
        for more, expected in ("", alone), (" ".join(options), 200):
            with serving_in_production(project, *more.split()) as served:
                assert served.get(headers={"X-Ticket": "x" * 9000}).status == expected


def test_granian_serves_metrics(production_project, python_of, tmp_path):
    baked = production_project("granian", "module", "none")
    document = baked.read("DEPLOY.md")
    (oldest,) = re.findall(r"needs Python (3\.\d+) or newer, because", document)
    ((name, value),) = re.findall("`(GRANIAN_METRICS_ENABLED)=(.+?)`", document)
    assert "`GRANIAN_METRICS_ADDRESS`" in document
    port = free_port()
    env = {
        name: value,
        "UV_PYTHON": python_of(oldest),
        "GRANIAN_METRICS_PORT": str(port),
        "GRANIAN_METRICS_SCRAPE_INTERVAL": "1",
    }

    def has_everything():
        metrics = first_page(f"http://127.0.0.1:{port}/metrics")
        words = ("connection", "queue", "request", "respawn")
        return all(re.search(rf"(?m)^granian_\w*{word}", metrics) for word in words)

    project = baked.copy(tmp_path / "my-shop")
    with serving_in_production(project, env=env) as served:
        # Metrics of the workers appear later than those of the main process.
        wait_until(has_everything)
        # A worker that is forked can wait for ever for a lock of the metrics' threads.
        worker = Path("/proc", str(process_of(served)), "cmdline").read_text()
        assert "multiprocessing.spawn" in worker

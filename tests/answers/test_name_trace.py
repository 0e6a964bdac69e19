"""Every name that Python looks up is rejected as a module name, or works."""

import os
import re
import signal
from functools import cache
from pathlib import Path

import pytest

from dev import name_trace, pythons
from dev.commands import LINUX, SCRIPTS, outside_path, run, site_packages
from dev.names import ENDPOINTS
from dev.production import production_command
from dev.rules import why_not
from dev.servers import GREETING, free_port, serving
from dev.variants import SERVERS_AND_LAYOUTS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.expensive(reason="make test tries names with fewer processes"),
]

ONE_SHOT = [
    ["pytest", "-q"],
    ["python", "-m", "pytest", "-q"],
    ["flask", "routes"],
    ["python", "-m", "flask", "routes"],
    ["flask", "shell"],
]
DEVELOPMENT = [
    ["flask", "run"],
    ["flask", "run", "--debug"],
    ["python", "-m", "flask", "run"],
]
SERVICES = [each for each in SERVERS_AND_LAYOUTS if each[1] == "service"]
# Python looks these up, but projects with these names work. Each is tried where it is
# looked up, and once if that is the same code.
HARMLESS = {
    "anyio": ("granian", "package"),
    "ctags": ("gunicorn", "service"),
    "inotify": ("gunicorn", "package"),
    "offapi": ("granian", "service"),
    "psycopg_c": ("gunicorn", "service"),
    "watchdog": ("granian", "module"),
    "watchfiles": ("granian", "package"),
}


@pytest.fixture(scope="module")
def tracing_venv(install_everything, tmp_path_factory):
    """Return a function that creates a virtual environment that traces names.

    It accepts a Python.
    """

    @cache
    def tracing_venv(python):
        folder = tmp_path_factory.mktemp("tracing") / ".venv"
        name_trace.install(site_packages(install_everything(python, folder)))
        return folder

    return tracing_venv


def reload_app(project, server):
    """Change the code of an app in debug mode and wait for the reload."""
    with project.view.open("a") as view:
        view.write("# changed\n")
    server.wait_for(
        lambda _: server.log.read_text().count("Debugger PIN") > 1, seconds=60
    )


def restart_workers(server, program):
    """Reload all workers of ``program`` and wait; kill one first if it would restart it."""

    def workers():
        return len(re.findall("(Started|Booting) worker", server.log.read_text()))

    process = server.process.pid
    before = workers()
    # Granian ends with a worker that dies.
    if program == "gunicorn":
        children = Path(f"/proc/{process}/task/{process}/children").read_text()
        os.kill(int(children.split()[-1]), signal.SIGKILL)
        server.wait_for(lambda _: workers() > before, seconds=60)
        before = workers()
    server.process.send_signal(signal.SIGHUP)
    server.wait_for(lambda _: workers() > before, seconds=60)


def start_in_every_way(project, venv, trace, development):
    """Run ``project`` with all commands in ``venv``, and append names to ``trace``.

    Without ``development``, run only the production command. Raise AssertionError if a
    command fails.
    """
    project.install_into(site_packages(venv))
    env = {
        name_trace.VARIABLE: str(trace),
        "FLASK_LOG_FORMAT": "json",
        "PATH": outside_path(venv / SCRIPTS),
    }
    for program, *arguments in ONE_SHOT if development else []:
        command = [venv / SCRIPTS / program, *arguments]
        output = run(command, project.folder, input="app.name\n", env=env)
        if "routes" in arguments:
            assert ENDPOINTS[project.answers["layout"]] in output
    for program, *arguments in DEVELOPMENT if development else []:
        command = [venv / SCRIPTS / program, *arguments]
        with serving(command, project.folder, env=env) as server:
            assert GREETING in server.get().text
            assert server.get("/missing").status == 404
            if "--debug" in arguments:
                reload_app(project, server)
    port = free_port()
    _, _, program, *arguments = production_command(project, port)
    command = [venv / SCRIPTS / program, *arguments]
    with serving(command, project.folder, port, env=env) as server:
        assert GREETING in server.get().text
        restart_workers(server, program)


@pytest.fixture
def start_all(bake, tracing_venv, tmp_path, require):
    """Return a function that runs projects with a module name in every way.

    It accepts a Python, the name, and servers with layouts. It returns the names that
    Python looked up.
    """
    require(LINUX, "needs Linux: both servers and /proc")

    def start_all(python, name, servers_and_layouts):
        trace = tmp_path / "trace"
        # Only production depends on the server.
        developed = {layout: server for server, layout in servers_and_layouts}
        for server, layout in servers_and_layouts:
            # A deployed app has all imports of its layout.
            answers = {"layout": layout, "server": server, "deploy": "container"}
            copy = bake(module_name=name, **answers).copy(
                tmp_path / f"{server}-{layout}"
            )
            development = developed[layout] == server
            start_in_every_way(copy, tracing_venv(python), trace, development)
        return name_trace.traced(trace)

    return start_all


@pytest.mark.parametrize("version", pythons.SUPPORTED)
def test_looked_up_name_is_rejected_or_harmless(start_all, python_of, version):
    # Services look up what other layouts do: all start on the oldest Python.
    started = SERVICES if version in pythons.SUPPORTED[1:] else SERVERS_AND_LAYOUTS
    looked_up = start_all(python_of(version), "traced_name", started)
    assert {"flask", "granian", "gunicorn", "pytest", "pickle"} <= looked_up
    own = {"traced_name", "test_traced_name"}
    accepted = {
        name for name in looked_up if why_not("module_name", name) is None
    } - own
    assert accepted <= HARMLESS.keys(), "reject these, or add them to HARMLESS"


@pytest.mark.parametrize("name", HARMLESS)
def test_harmless_name_works_where_it_is_looked_up(start_all, name):
    oldest, *_ = pythons.found().values()
    assert name in start_all(oldest, name, [HARMLESS[name]])

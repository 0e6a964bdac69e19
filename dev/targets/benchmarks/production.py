"""Measure projects in production: throughput, imports, start and memory."""

import re
import resource
import shutil
import socket
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from functools import partial
from pathlib import Path

from dev import postgresql, pythons
from dev.commands import Command, run
from dev.production import production_command
from dev.projects import Project, bake
from dev.servers import LONG, free_port, greet, serving
from dev.targets.benchmarks.bakes import QUICKSTART
from dev.targets.benchmarks.paired import Comparison, compare
from dev.values import BASE_IMAGE
from dev.variants import Variant

MEASURED: dict[str, Variant] = {
    "default": {},
    "gunicorn": {"server": "gunicorn"},
    "package": {"layout": "package"},
    "container": {"deploy": "container"},
    "package, container": {"layout": "package", "deploy": "container"},
    "service": {"layout": "service", "deploy": "container"},
}
# Of the image, and so of most projects in production.
(PYTHON_VERSION,) = re.findall(r":(3\.\d+)", BASE_IMAGE)
IDLE = 4000
TWO_WORKERS = {"GRANIAN_WORKERS": "2", "WEB_CONCURRENCY": "2"}
# The settings of a package's request log, by suffix in the table. It is text by default.
LOGS = {
    "": {},
    ", JSON": {"FLASK_LOG_FORMAT": "json"},
    ", no lines": {"FLASK_LOG_LEVEL": "WARNING"},
}


def bake_all(folder: Path) -> dict[str, Project]:
    """Bake and install all variants of MEASURED in ``folder``; return them by name.

    Raise SystemExit, with the command that installs it, if this machine lacks the Python
    in a project's image.
    """
    python = pythons.find(PYTHON_VERSION)
    if not python:
        install = f".venv/bin/uv python install {PYTHON_VERSION}"
        sys.exit(f"Measuring needs Python {PYTHON_VERSION}: {install}")
    projects = {}
    for number, (name, answers) in enumerate(MEASURED.items()):
        home = folder / str(number)
        home.mkdir()
        projects[name] = bake(home, **answers)
        projects[name].install({"UV_PYTHON": python})
    return projects


def production_command_without_uv(project: Project, port: int) -> list[str | Path]:
    """Return the production command of an installed project, without ``uv run``."""
    _, _, program, *arguments = production_command(project, port)
    return [project.scripts / program, *arguments]


def requests(
    command_at: Callable[[int], Command],
    folder: Path,
    env: Mapping[str, str],
    path: str,
    _empty: Path,
) -> float:
    """Return the requests per second for ``path`` that the server handles on 32 connections."""
    port = free_port()
    with serving(command_at(port), folder, port, env=env) as server:
        load = ["wrk", "--threads=1", "--connections=32", "--timeout=1m"]
        run([*load, "--duration=1s", server.url + path], folder)
        output = run([*load, "--duration=4s", server.url + path], folder)
    assert "Non-2xx" not in output, output
    assert "Socket errors" not in output, output
    (rate,) = re.findall(r"Requests/sec:\s+([\d.]+)", output)
    return float(rate)


def measure_requests(
    projects: Mapping[str, Project], folder: Path, rounds: int | None
) -> Comparison:
    """Return the comparison of requests per second."""
    bare = folder / "bare"
    bare.mkdir()
    (bare / "hello.py").write_text(QUICKSTART)
    gunicorn = projects["gunicorn"].scripts / "gunicorn"
    default = partial(production_command_without_uv, projects["default"])

    def by_gunicorn(port: int) -> Command:
        return [gunicorn, "-w2", f"-b:{port}", "hello:app"]

    actions = {
        "gunicorn -w 2, bare file": partial(requests, by_gunicorn, bare, {}, "/"),
        "default's command, bare file": partial(requests, default, bare, {}, "/"),
    }
    for name, project in projects.items():
        if name == "service":
            continue
        command = partial(production_command_without_uv, project)
        logs = LOGS if project.answers["layout"] == "package" else {"": {}}
        for suffix, log in logs.items():
            env = TWO_WORKERS | log
            actions[name + suffix] = partial(
                requests, command, project.folder, env, "/"
            )
    title = "Requests per second, production command, two workers, 32 connections"
    return compare("requests", title, "requests/s", actions, rounds or 7)


def measure_service(
    projects: Mapping[str, Project], folder: Path, rounds: int | None
) -> Comparison:
    """Return the comparison of requests that read a database with the bare file's."""
    project, default = projects["service"], projects["default"]
    command = partial(production_command_without_uv, project)
    bare = partial(production_command_without_uv, default)
    settings = TWO_WORKERS | LOGS[", JSON"]
    actions = {"bare file": partial(requests, bare, folder / "bare", TWO_WORKERS, "/")}
    data = folder / "postgresql"
    data.mkdir()
    with postgresql.running(data) as server:
        databases = {
            "SQLite": f"sqlite:///{folder}/greetings.db",
            "PostgreSQL": server.create(),
        }
        for database, url in databases.items():
            env = settings | {"FLASK_DATABASE_URL": url}
            upgrade: Command = [project.scripts / "alembic", "upgrade", "head"]
            run(upgrade, project.folder, env=env)
            port = free_port()
            with serving(command(port), project.folder, port, env=env) as served:
                for _ in range(20):
                    greet(f"{served.url}/greetings")
            for what, path in ("one", "/greetings/1"), ("list of 20", "/greetings"):
                thing = f"{what}, {database}"
                actions[thing] = partial(requests, command, project.folder, env, path)
        title = "Requests per second of a service, two workers, 32 connections"
        return compare("service", title, "requests/s", actions, rounds or 7)


def memory_of(process: int) -> float:
    """Return the proportional set size of a process and its children, in MB."""
    about = Path(f"/proc/{process}")
    (kilobytes,) = re.findall(
        r"^Pss: +(\d+) kB", (about / "smaps_rollup").read_text(), re.MULTILINE
    )
    children = (about / "task" / str(process) / "children").read_text().split()
    return int(kilobytes) / 1000 + sum(memory_of(int(child)) for child in children)


def memory_with_idle_clients(project: Project, number: int, _empty: Path) -> float:
    """Return the memory of a server with ``number`` idle connections, in MB.

    It has answered as many requests, IDLE, for each number.
    """
    port = free_port()
    command = production_command_without_uv(project, port)
    with serving(command, project.folder, port) as server, ExitStack() as stack:
        for client_number in range(IDLE):
            client = socket.create_connection(("127.0.0.1", port), timeout=LONG)
            stack.enter_context(client)
            client.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert client.recv(100).startswith(b"HTTP/1.1 200 ")
            if client_number >= number:
                client.close()
        assert server.get().status == 200
        return memory_of(server.process.pid)


def measure_idle_clients(
    projects: Mapping[str, Project], rounds: int | None
) -> Comparison:
    """Return the comparison of the memory with and without idle connections."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    actions = {
        f"{name}, {number:,} idle connections": partial(
            memory_with_idle_clients, projects[name], number
        )
        for name in ("default", "gunicorn")
        for number in (0, IDLE)
    }
    title = "Memory of the production command, two workers"
    return compare("idle", title, "MB", actions, rounds or 5)


def run_python(python: Path, program: str, folder: Path, _empty: Path) -> None:
    """Run ``program`` with ``python`` in ``folder``."""
    run([python, "-c", program], folder)


def answer_once(project: Project, _empty: Path) -> None:
    """Run the production command until its first response."""
    port = free_port()
    with serving(production_command_without_uv(project, port), project.folder, port):
        pass


def measure(rounds: int | None) -> Iterator[Comparison]:
    """Yield the comparisons of throughput, imports, starts and memory.

    Raise SystemExit, with the command that installs it, if wrk or the image's
    Python is missing.
    """
    if not shutil.which("wrk"):
        sys.exit("Measuring requests needs wrk: apt-get install wrk")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        projects = bake_all(folder)
        yield measure_requests(projects, folder, rounds)
        if postgresql.FOLDERS:
            yield measure_service(projects, folder, rounds)
        else:
            print("Skipped the service: needs PostgreSQL", file=sys.stderr)
        python = projects["package, container"].scripts / "python"
        imports = {"import flask": partial(run_python, python, "import flask", folder)}
        starts = {}
        for name, project in projects.items():
            starts[name] = partial(answer_once, project)
            if name != "gunicorn":  # Its app is that of the default.
                python = project.scripts / "python"
                here = project.folder
                imports[name] = partial(run_python, python, "import hello", here)
        title = "Importing the app"
        yield compare("import", title, "s", imports, rounds or 30)
        title = "Start of the production command"
        yield compare("start", title, "s", starts, rounds or 15)
        yield measure_idle_clients(projects, rounds)

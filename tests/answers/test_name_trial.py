"""Names are tried without the hook: what breaks is refused, what is accepted works."""

import keyword
import re
import sys

import pytest
from cookiecutter.main import cookiecutter

from dev.commands import LINUX, SCRIPTS, attempt, run, site_packages
from dev.production import production_command
from dev.projects import Project, copy_template
from dev.servers import GREETING, free_port, serving
from dev.variants import CHOICES, SERVERS_AND_LAYOUTS
from hooks.pre_gen_project import (
    DEVICES,
    PACKAGES,
    PROJECT_FILES,
    STANDARD_LIBRARY,
    START_UP,
    why_not_module,
)

pytestmark = pytest.mark.slow

# What the packages of a project import if it is there, and other packages of the field.
NEIGHBOURS = """
    anyio asgiref cryptography eventlet exceptiongroup flaskr gevent greenlet gunicorn_h1c
    h2 hypothesis inotify msgspec numpy orjson pexpect pytest_cov rich rloop setproctitle
    simplejson tornado uvicorn uvloop watchdog watchfiles wheel winloop
"""
ORDINARY = """
    api app apps base build config create_app dist env health hello index instance log logs main my_app page src static templates test_hello utils views web wsgi
"""
ODD = [
    "_",
    "__",
    "_x",
    "x" * 50,
    "__init__",
    "__pycache__",
    "__private__",
    "my-app",
    "1abc",
]
CANDIDATES = sorted(
    {
        *NEIGHBOURS.split(),
        *ORDINARY.split(),
        *ODD,
        *keyword.kwlist[::2],
        *keyword.softkwlist,
        *PACKAGES,
        *PROJECT_FILES,
        *START_UP,
        *sorted(DEVICES)[::6],
        *sorted(STANDARD_LIBRARY)[::4],
    }
)
REASONS = [
    "is not a lower-case ASCII identifier",
    "is longer than 50 characters",
    "is a keyword of Python",
    "would hide the [a-z0-9_]+ package that the project imports",
    "would be taken for the [a-z]+ package by the production server",
    "would hide the [a-z0-9_]+ module of Python's standard library",
    "is the name of a module that Python imports when it starts",
    "is the name of another file of the project",
    "is the name of a device on Windows",
]
# These start, but git ignores the first, and the others are folders of the project:
# the build backend refuses src/src and finds kubernetes twice, and pytest reads tests.
REFUSED_ALL_THE_SAME = {"__pycache__", "kubernetes", "request_log", "src", "tests"}
ELSEWHERE = [DEVICES, PACKAGES, STANDARD_LIBRARY, START_UP]
# Beside the production command; these do not depend on the server.
COMMANDS = {
    "granian": [
        ["pytest", "-qq"],
        ["flask", "routes"],
        ["python", "-m", "flask", "routes"],
    ],
    "gunicorn": [],
}


@pytest.fixture(scope="session")
def hookless(tmp_path_factory):
    """Copy the template without the hook that refuses."""
    template = tmp_path_factory.mktemp("hookless") / "template"
    return copy_template(template, "pre_gen_project.py")


@pytest.fixture(scope="session")
def shared_venv(bake, tmp_path_factory):
    """Make a virtual environment with pip and all that a project depends on."""
    folder = tmp_path_factory.mktemp("environment") / ".venv"
    run([sys.executable, "-m", "venv", folder], folder.parent)
    install = ["uv", "pip", "install", "--quiet", "--compile-bytecode"]
    for server in CHOICES["server"]:
        project = bake(server=server, layout="package").folder
        what = ["--python", folder, "-r", "pyproject.toml", "--group", "dev"]
        run([*install, *what], project)
    return folder


@pytest.fixture
def breakage(hookless, shared_venv, tmp_path):
    """Return a function that bakes a name and returns the first thing that breaks."""
    editable = site_packages(shared_venv) / "tried.pth"
    endpoints = {"module": "hello_world", "package": "views.index"}

    def baked(name, server, layout):
        names = {"project_slug": "tried", "module_name": name}
        answers = {"server": server, "layout": layout, **names}
        output = tmp_path / f"{server}-{layout}"
        cookiecutter(
            str(hookless),
            no_input=True,
            extra_context=answers,
            output_dir=str(output),
            default_config=True,
        )
        # An editable installation is this line in a file of this kind.
        importable = output / "tried" / ("src" if layout == "package" else "")
        editable.write_text(f"{importable}\n")
        return Project(output / "tried", answers)

    def breakage(name):
        for server, layout in SERVERS_AND_LAYOUTS:
            if server == "gunicorn" and not LINUX:
                continue
            project = baked(name, server, layout)
            for program, *arguments in COMMANDS[server]:
                command = [shared_venv / SCRIPTS / program, *arguments]
                result = attempt(command, project.folder)
                said = result.stdout + result.stderr
                if result.returncode != 0:
                    return f"{layout}: {program} {arguments}: {said}"
                if "routes" in arguments and endpoints[layout] not in said:
                    return f"{layout}: {program} finds another app: {said}"
            port = free_port()
            _, _, program, *arguments = production_command(project, port)
            command = [shared_venv / SCRIPTS / program, *arguments]
            try:
                with serving(command, project.folder, port) as served:
                    assert GREETING in served.get().text
            except AssertionError as error:
                return f"{layout}: {server}: {error}"
        return None

    yield breakage
    editable.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def importable(shared_venv):
    """Return the candidates that Python finds in that environment without a project."""
    program = (
        "import sys; from importlib.util import find_spec;"
        "print(*(n for n in sys.argv[1:] if n in sys.modules or find_spec(n)))"
    )
    identifiers = [name for name in CANDIDATES if name.isidentifier()]
    found = run(
        [shared_venv / SCRIPTS / "python", "-c", program, *identifiers], shared_venv
    )
    return set(found.split())


@pytest.mark.parametrize("name", CANDIDATES)
def test_what_breaks_is_refused_and_what_is_refused_breaks(breakage, importable, name):
    reason = why_not_module(name)
    if reason is None:
        assert breakage(name) is None
        return
    assert any(re.match(known, reason) for known in REASONS)
    # Other systems and Pythons have other devices and modules than this one.
    here = name in importable or not any(name in names for names in ELSEWHERE)
    if here and name not in REFUSED_ALL_THE_SAME:
        assert breakage(name)


def test_there_are_a_few_hundred_candidates():
    assert len(CANDIDATES) > 200

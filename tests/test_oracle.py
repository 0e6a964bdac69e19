"""Names are tried without the hook: what breaks is refused, what is accepted works."""

import keyword
import re
import sys

import pytest
from baking import LAYOUTS, SCRIPTS, Project, attempt, copy_template, run, site_packages
from cookiecutter.main import cookiecutter
from pre_gen_project import (
    DEVICES,
    PACKAGES,
    PROJECT_FILES,
    STANDARD_LIBRARY,
    START_UP,
    why_not_module,
)

# What the packages of a project import if it is there, and other packages of the field.
NEIGHBOURS = """
    asgiref cryptography exceptiongroup flaskr gevent greenlet hypothesis numpy pexpect
    pytest_cov rich setproctitle simplejson watchdog wheel
"""
ORDINARY = """
    api app apps base build config create_app dist env hello index instance kubernetes main
    my_app page src static templates test_hello utils views web wsgi
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
        *sorted(STANDARD_LIBRARY)[::3],
    }
)
REASONS = [
    "is not a lower-case ASCII identifier",
    "is longer than 50 characters",
    "is a keyword of Python",
    "would hide the [a-z0-9_]+ package that the project imports",
    "would hide the [a-z0-9_]+ module of Python's standard library",
    "is the name of a module that Python imports when it starts",
    "is the name of another file of the project",
    "is the name of a device on Windows",
]
# These start, but git ignores the first, and the others are folders of the project:
# the build backend refuses src/src, and pytest reads tests.
REFUSED_ALL_THE_SAME = {"__pycache__", "src", "tests"}
ELSEWHERE = [DEVICES, PACKAGES, STANDARD_LIBRARY, START_UP]
COMMANDS = [["pytest", "-qq"], ["flask", "routes"], ["python", "-m", "flask", "routes"]]


@pytest.fixture(scope="session")
def hookless(tmp_path_factory):
    """Copy the template without the hook that refuses."""
    template = tmp_path_factory.mktemp("hookless") / "template"
    return copy_template(template, "pre_gen_project.py")


@pytest.fixture(scope="session")
def environment(bake, tmp_path_factory):
    """Make a virtual environment with pip and all that a project depends on."""
    folder = tmp_path_factory.mktemp("environment") / ".venv"
    run([sys.executable, "-m", "venv", folder], folder.parent)
    install = [
        "uv",
        "pip",
        "install",
        "--quiet",
        "--compile-bytecode",
        "--python",
        folder,
    ]
    run([*install, "-r", "pyproject.toml", "--group", "dev"], bake().folder)
    return folder


@pytest.fixture
def breakage(hookless, environment, tmp_path):
    """Return a function that bakes a name and returns the first thing that breaks."""
    editable = site_packages(environment) / "tried.pth"
    endpoints = {"module": "hello_world", "package": "views.index"}

    def breakage(name):
        for layout in reversed(LAYOUTS):
            answers = {"project_slug": "tried", "module_name": name, "layout": layout}
            cookiecutter(
                str(hookless),
                no_input=True,
                extra_context=answers,
                output_dir=str(tmp_path / layout),
                default_config=True,
            )
            project = Project(tmp_path / layout / "tried", answers)
            # An editable installation is this line in a file of this kind.
            importable = project.folder / ("src" if layout == "package" else "")
            editable.write_text(f"{importable}\n")
            for program, *arguments in COMMANDS:
                command = [environment / SCRIPTS / program, *arguments]
                result = attempt(command, project.folder)
                said = result.stdout + result.stderr
                if result.returncode != 0:
                    return f"{layout}: {program} {arguments}: {said}"
                if "routes" in arguments and endpoints[layout] not in said:
                    return f"{layout}: {program} finds another app: {said}"
        return None

    yield breakage
    editable.unlink(missing_ok=True)


@pytest.fixture(scope="session")
def importable(environment):
    """Return the candidates that Python finds in that environment without a project."""
    program = (
        "import sys; from importlib.util import find_spec;"
        "print(*(n for n in sys.argv[1:] if n in sys.modules or find_spec(n)))"
    )
    identifiers = [name for name in CANDIDATES if name.isidentifier()]
    found = run(
        [environment / SCRIPTS / "python", "-c", program, *identifiers], environment
    )
    return set(found.split())


@pytest.mark.parametrize("name", CANDIDATES)
def test_what_breaks_is_refused_and_what_is_refused_breaks(breakage, importable, name):
    reason = why_not_module(name)
    broken = breakage(name)
    if reason is None:
        assert broken is None
        return
    assert any(re.match(known, reason) for known in REASONS)
    if name in REFUSED_ALL_THE_SAME:
        return
    # Other systems and Pythons have other devices and modules than this one.
    if name in importable or not any(name in names for names in ELSEWHERE):
        assert broken


def test_there_are_a_few_hundred_candidates():
    assert len(CANDIDATES) > 200

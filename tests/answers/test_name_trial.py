"""Names are tried without the hook: a name is rejected if and only if it breaks."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest
from cookiecutter.main import cookiecutter

from dev import pythons
from dev.commands import LINUX, SCRIPTS, attempt, run, site_packages
from dev.names import CANDIDATES
from dev.production import production_command
from dev.projects import Project, copy_template
from dev.servers import GREETING, free_port, serving
from dev.variants import CHOICES, LAYOUTS, QUESTIONS, SERVERS_AND_LAYOUTS
from hooks.pre_gen_project import (
    DEVICES,
    LATER_FOLDERS,
    OPTIONAL,
    PACKAGES,
    STANDARD_LIBRARY,
    START_UP,
    why_not_module,
)

pytestmark = pytest.mark.slow

REASONS = [
    "must be a-z, 0-9 and _, starting with a letter",
    "is longer than 50 characters",
    "is a Python keyword",
    "would shadow the [a-z0-9_]+ package that the project imports",
    "would be mistaken for the [a-z]+ package by the production server",
    "would shadow the [a-z0-9_]+ module of Python's standard library",
    "is a module that Python imports at start-up",
    "is a module that Python looks for when a server starts",
    "is the name of another file in the project",
    "is a folder that Flask or a build tool creates",
    "is a reserved device name on Windows",
]
# These start, but the first two do not begin with a letter, and git ignores the second. The
# others are folders of the project: the build backend rejects src/src and finds kubernetes
# twice, and pytest reads tests.
# The later folders are not there yet.
REFUSED_ALL_THE_SAME = {
    *("_", "__pycache__", "kubernetes", "src", "tests"),
    *LATER_FOLDERS,
}
ELSEWHERE = [DEVICES, PACKAGES, STANDARD_LIBRARY, START_UP]
# Beside the production command; these do not depend on the server. The quickest is first.
COMMANDS = {
    "granian": [
        ["python", "-m", "flask", "routes"],
        ["flask", "routes"],
        ["pytest", "-qq"],
    ],
    "gunicorn": [],
}
ENDPOINTS = {"module": "hello_world", "package": "views.index"}


@dataclass
class Trial:
    """Projects with names that no hook has checked, tried with the packages of ``venv``."""

    template: Path
    venv: Path
    folder: Path

    def bake(self, name, server, layout):
        """Bake a project with the module ``name``, install it and return it."""
        names = {"project_slug": "tried", "module_name": name}
        answers = {"server": server, "layout": layout, **names}
        output = self.folder / f"{server}-{layout}"
        cookiecutter(
            str(self.template),
            no_input=True,
            extra_context=answers,
            output_dir=str(output),
            default_config=True,
        )
        # An editable installation is this line in a file of this kind.
        importable = output / "tried" / ("src" if layout == "package" else "")
        (site_packages(self.venv) / "tried.pth").write_text(f"{importable}\n")
        return Project(output / "tried", answers)

    def first_failure(self, name, servers_and_layouts):
        """Return the first thing that breaks in projects with the module ``name``."""
        for server, layout in servers_and_layouts:
            if server == "gunicorn" and not LINUX:
                continue
            failure = self.first_failure_in(self.bake(name, server, layout))
            if failure:
                return f"{layout}: {server}: {failure}"
        return None

    def first_failure_in(self, project):
        """Return the first thing that breaks in ``project``, or None."""
        for program, *arguments in COMMANDS[project.answers["server"]]:
            command = [self.venv / SCRIPTS / program, *arguments]
            result = attempt(command, project.folder)
            said = result.stdout + result.stderr
            if result.returncode != 0:
                return f"{program} {arguments}: {said}"
            endpoint = ENDPOINTS[project.answers["layout"]]
            if "routes" in arguments and endpoint not in said:
                return f"{program} finds another app: {said}"
        port = free_port()
        _, _, program, *arguments = production_command(project, port)
        command = [self.venv / SCRIPTS / program, *arguments]
        try:
            with serving(command, project.folder, port) as served:
                assert GREETING in served.get().text
        except AssertionError as error:
            return str(error)
        return None


def candidates():
    """Return the names to try: ``make test`` tries one rejected name for each reason."""
    met, marked = set(), []
    for name in CANDIDATES:
        reason = why_not_module(name)
        kind = reason and next(filter(lambda known: re.match(known, reason), REASONS))
        expensive = kind in met
        if kind:
            met.add(kind)
        marks = [pytest.mark.expensive] * expensive
        marked.append(pytest.param(name, marks=marks))
    return marked


def servers_and_layouts(name, all_of_them):
    """Return what to try ``name`` with: all, or one in turn."""
    number = CANDIDATES.index(name) % len(SERVERS_AND_LAYOUTS)
    return SERVERS_AND_LAYOUTS if all_of_them else [SERVERS_AND_LAYOUTS[number]]


@pytest.fixture(scope="session")
def hookless(tmp_path_factory):
    """Copy the template without all that rejects a module name."""
    template = tmp_path_factory.mktemp("hookless") / "template"
    copy_template(template, "pre_gen_project.py")
    questions = {**QUESTIONS}
    del questions["__guard_module_name"]
    (template / "cookiecutter.json").write_text(json.dumps(questions))
    return template


@pytest.fixture(scope="session")
def shared_venv(bake, tmp_path_factory):
    """Make a virtual environment with pip and all that a project depends on.

    It has the oldest Python, which looks up more than newer ones.
    """
    folder = tmp_path_factory.mktemp("environment") / ".venv"
    oldest, *_ = pythons.found().values()
    run([oldest, "-m", "venv", folder], folder.parent)
    install = ["uv", "pip", "install", "--quiet", "--compile-bytecode"]
    for server in CHOICES["server"]:
        project = bake(server=server, layout="package").folder
        what = ["--python", folder, "-r", "pyproject.toml", "--group", "dev"]
        run([*install, *what], project)
    return folder


@pytest.fixture
def trial(hookless, shared_venv, tmp_path):
    """Return a Trial with a folder of its own."""
    trial = Trial(hookless, shared_venv, tmp_path)
    yield trial
    (site_packages(shared_venv) / "tried.pth").unlink(missing_ok=True)


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


@pytest.mark.parametrize("name", candidates())
def test_name_is_rejected_if_and_only_if_it_breaks(
    trial, importable, name, pytestconfig
):
    reason = why_not_module(name)
    tried_with = servers_and_layouts(name, pytestconfig.option.all)
    if reason is None:
        assert trial.first_failure(name, tried_with) is None
        return
    # Other systems and Pythons have other devices and modules than this one.
    elsewhere = [*ELSEWHERE, *[OPTIONAL] * ("3.11" not in pythons.found())]
    here = name in importable or not any(name in names for names in elsewhere)
    if here and name not in REFUSED_ALL_THE_SAME:
        assert trial.first_failure(name, SERVERS_AND_LAYOUTS)


def test_there_are_a_few_hundred_candidates():
    assert len(CANDIDATES) > 200


def builds(trial, project):
    """Return whether uv builds a project, and whether pip does. They agree."""
    uv = ["uv", "build", "--quiet", "--wheel", "--out-dir", trial.folder / "uv"]
    pip = ["wheel", "--quiet", "--no-deps", "--wheel-dir", trial.folder / "pip", "."]
    pip = [trial.venv / SCRIPTS / "python", "-m", "pip", *pip]
    built = {attempt(each, project.folder).returncode == 0 for each in (uv, pip)}
    assert len(built) == 1
    return built.pop()


def test_later_folders_are_those_of_flask_and_those_that_git_ignores(bake):
    ignored = re.findall(r"^/?([a-z]\w*)/$", bake().read(".gitignore"), re.MULTILINE)
    assert {*ignored, "static", "templates"} == LATER_FOLDERS


@pytest.mark.expensive
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("name", sorted(LATER_FOLDERS))
def test_name_of_a_later_folder_builds_until_the_folder_is_there(trial, name, layout):
    project = trial.bake(name, "granian", layout)
    assert builds(trial, project)
    (project.folder / name).mkdir()
    assert not builds(trial, project)


@pytest.mark.expensive
@pytest.mark.parametrize(("server", "layout"), SERVERS_AND_LAYOUTS)
def test_other_names_work_beside_later_folders(trial, server, layout):
    project = trial.bake("hello", server, layout)
    for folder in LATER_FOLDERS:
        (project.folder / folder).mkdir()
        (project.folder / folder / "file.txt").touch()
    assert builds(trial, project)
    assert trial.first_failure_in(project) is None

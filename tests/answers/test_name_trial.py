"""In projects baked without the hook, a name breaks if and only if it is rejected."""

import json
import re
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from dev import pythons
from dev.commands import LINUX, SCRIPTS, attempt, run, site_packages
from dev.names import CANDIDATES, ENDPOINTS
from dev.production import production_command
from dev.projects import bake_in_process, copy_template
from dev.rules import names_with, why_not
from dev.servers import GREETING, free_port, serving
from dev.variants import LAYOUTS, PAGES, QUESTIONS, SERVERS_AND_LAYOUTS

pytestmark = pytest.mark.slow

LATER_FOLDERS = names_with("is a folder")
OF_PYTEST_COV = names_with("pytest-cov")
OPTIONAL = names_with("when a server starts")
ELSEWHERE = [
    names_with(words)
    for words in ("device", "project imports", "standard library", "at start-up")
]
# Projects with these names start. But the first two do not start with a letter, and git
# ignores the second. The build backend rejects src/src and finds kubernetes twice; pytest
# collects tests. The later folders do not exist yet, nor does pytest-cov.
REJECTED_ANYWAY = {
    *("_", "__pycache__", "kubernetes", "src", "tests"),
    *LATER_FOLDERS,
    *OF_PYTEST_COV,
}
PRODUCTION = "the production command"
# What the tests of a project use sooner or later.
USUAL = """
import pytest

def test_usual(caplog, capsys, monkeypatch, tmp_path):
    assert 0.1 + 0.2 == pytest.approx(0.3)
    assert [0.1] == pytest.approx([0.1])
    assert {"a": 0.1} == pytest.approx({"a": 0.1})
    with pytest.raises(ValueError, match="no"):
        raise ValueError("no")
"""
# The first command finds most failures, and is the fastest.
COMMANDS = [
    ["python", "-m", "flask", "routes"],
    ["pytest", "-qq"],
    PRODUCTION,
    ["flask", "routes"],
]


@dataclass
class Trial:
    """Bakes of a ``template`` without name checks, run with the packages in ``venv``."""

    template: Path
    venv: Path
    folder: Path

    def bake(self, name, server="granian", layout="module", slug="tried"):
        """Bake a project with the module ``name`` and return it.

        It is deployed: its app has all imports of its layout, and its server one worker.
        """
        names = {"project_slug": slug, "module_name": name}
        answers = {"server": server, "layout": layout, "deploy": "container", **names}
        output = self.folder / f"{server}-{layout}"
        project = bake_in_process(output, answers, self.template)
        project.folder.joinpath("tests", "test_usual.py").write_text(USUAL)
        return project

    def first_failure(self, name, servers_and_layouts):
        """Return the first failure of projects with the module ``name``, or None.

        Only production depends on the server, and Gunicorn runs only on Linux here.
        """
        bake = cache(self.bake)
        for command, (server, layout) in product(COMMANDS, servers_and_layouts):
            if server == "granian" or (command == PRODUCTION and LINUX):
                failure = self.failure(command, bake(name, server, layout))
                if failure:
                    return f"{layout}: {server}: {failure}"
        return None

    def failure(self, command, project):
        """Return how ``command`` fails in ``project``, or None."""
        project.install_into(site_packages(self.venv))
        if command == PRODUCTION:
            return self.failure_in_production(project)
        program, *arguments = command
        result = attempt([self.venv / SCRIPTS / program, *arguments], project.folder)
        output = result.stdout + result.stderr
        if result.returncode != 0:
            return f"{program} {arguments}: {output}"
        if "routes" in arguments and ENDPOINTS[project.answers["layout"]] not in output:
            return f"{program} finds another app: {output}"
        return None

    def failure_in_production(self, project):
        """Return how the production command fails in ``project``, or None."""
        port = free_port()
        _, _, program, *arguments = production_command(project, port)
        command = [str(self.venv / SCRIPTS / program), *arguments]
        try:
            with serving(command, project.folder, port) as served:
                assert GREETING in served.get().text
        except AssertionError as error:
            return str(error)
        return None


def one_of_all(name):
    """Return the server and the layout with which to try an accepted ``name``."""
    return SERVERS_AND_LAYOUTS[CANDIDATES.index(name) % len(SERVERS_AND_LAYOUTS)]


def candidates():
    """Return the names as parameters.

    ``make test`` tries one for each reason, and one for each server with each layout.
    """
    met, marked = set(), []
    again = pytest.mark.expensive(reason="make test tries another of its kind")
    for name in CANDIDATES:
        reason = why_not("module_name", name)
        kind = reason.replace(name, "{}") if reason else one_of_all(name)
        marked.append(pytest.param(name, marks=[again] * (kind in met)))
        met.add(kind)
    return marked


# A name that Python does not import breaks the package first.
BREAKING_FIRST = sorted(SERVERS_AND_LAYOUTS, key=lambda each: each[1] != "package")


@pytest.fixture(scope="session")
def hookless(tmp_path_factory):
    """Return a copy of the template without its checks of module names."""
    template = tmp_path_factory.mktemp("hookless") / "template"
    copy_template(template, "pre_gen_project.py")
    questions = {**QUESTIONS}
    del questions["__guard_module_name"]
    (template / "cookiecutter.json").write_text(json.dumps(questions))
    return template


@pytest.fixture(scope="session")
def shared_venv(install_everything, tmp_path_factory):
    """Return a virtual environment with pip and all dependencies of projects.

    It uses the oldest Python, which looks up more modules than newer ones.
    """
    folder = tmp_path_factory.mktemp("environment") / ".venv"
    oldest, *_ = pythons.found().values()
    # As in ``python -m venv`` of Python 3.11; newer setuptools have no pkg_resources.
    return install_everything(oldest, folder, "pip", "setuptools<81")


@pytest.fixture
def trial(hookless, shared_venv, tmp_path):
    """Yield a Trial with a new folder, and uninstall its last project."""
    trial = Trial(hookless, shared_venv, tmp_path)
    yield trial
    (site_packages(shared_venv) / "tried.pth").unlink(missing_ok=True)


@pytest.fixture(scope="session")
def importable(shared_venv):
    """Return the candidates that are importable in ``shared_venv`` without a project."""
    program = (
        "import sys; from importlib.util import find_spec;"
        "print(*(n for n in sys.argv[1:] if n in sys.modules or find_spec(n)))"
    )
    identifiers = [name for name in CANDIDATES if name.isidentifier()]
    python = shared_venv / SCRIPTS / "python"
    return set(run([python, "-c", program, *identifiers], shared_venv).split())


@pytest.mark.parametrize("name", candidates())
def test_name_is_rejected_if_and_only_if_it_breaks(trial, importable, name):
    if why_not("module_name", name) is None:
        # test_name_trace.py shows that Python looks up no such name, or tries it.
        assert trial.first_failure(name, [one_of_all(name)]) is None
        return
    # Devices and modules of other systems and Python versions break nothing here.
    elsewhere = [*ELSEWHERE, *[OPTIONAL] * ("3.11" not in pythons.found())]
    here = name in importable or not any(name in names for names in elsewhere)
    if here and name not in REJECTED_ANYWAY:
        assert trial.first_failure(name, BREAKING_FIRST)


# A top-level name that code looks up in, or compares with, the modules loaded so far.
AMONG_LOADED = re.compile(
    r"""sys\.modules(?:\.\w+\(|\[)\s*["'](\w+)|["'](\w+)[\w.]*["'] (?:not )?in sys\.modules"""
)


def test_accepted_name_of_a_module_that_code_expects_to_be_loaded_is_tried(shared_venv):
    # The trace of names cannot see these lookups: they import nothing.
    program = "import sysconfig; print(sysconfig.get_path('stdlib'))"
    python = shared_venv / SCRIPTS / "python"
    library = run([python, "-c", program], shared_venv).strip()
    names = {
        first or second
        for folder in (site_packages(shared_venv), Path(library))
        for file in folder.rglob("*.py")
        # No project runs Python's own tests.
        if not {"test", "tests", "site-packages"} & {*file.relative_to(folder).parts}
        for first, second in AMONG_LOADED.findall(
            file.read_text(encoding="utf-8", errors="replace")
        )
    }
    assert {"numpy", "mock", "twisted"} <= names
    plain = {name for name in names if name.isidentifier()}
    accepted = {name for name in plain if why_not("module_name", name) is None}
    assert accepted <= {*CANDIDATES}, "add these to NEIGHBOURS in dev/names.py"


@pytest.mark.expensive(reason="it depends on pytest-cov, not on the template")
@pytest.mark.parametrize(
    ("slug", "name", "layout"),
    [
        *product(["tried"], ["hello", *OF_PYTEST_COV], PAGES),
        *product(names_with("pytest-cov", "project_slug"), ["hello"], ["module"]),
    ],
)
def test_pytest_cov_works_if_and_only_if_the_names_are_accepted(
    trial, slug, name, layout
):
    project = trial.bake(name, layout=layout, slug=slug)
    attempt(["uv", "add", "--quiet", "--dev", "pytest-cov"], project.folder)
    measured = attempt(["uv", "run", "pytest", "--cov"], project.folder)
    is_rejected = why_not("project_slug", slug) or why_not("module_name", name)
    assert (measured.returncode == 0) == (not is_rejected)


def builds(project):
    """Return whether ``project`` can be built."""
    build = ["uv", "build", "--quiet", "--wheel", "--out-dir", "../built"]
    return attempt(build, project.folder).returncode == 0


def test_later_folders_are_those_of_flask_its_extensions_and_gitignore(bake):
    ignored = re.findall(r"^/?([a-z]\w*)/$", bake().read(".gitignore"), re.MULTILINE)
    assert {*ignored, "migrations", "static", "templates"} == LATER_FOLDERS


@pytest.mark.expensive(reason="only a new build backend can change it")
@pytest.mark.parametrize("layout", PAGES)  # A service is built as a package is.
@pytest.mark.parametrize("name", sorted(LATER_FOLDERS))
def test_name_of_a_later_folder_builds_until_the_folder_exists(trial, name, layout):
    project = trial.bake(name, layout=layout)
    if not (project.folder / name).exists():
        assert builds(project)
        (project.folder / name).mkdir()
    assert not builds(project)


@pytest.mark.expensive(reason="only a new build backend can change it")
@pytest.mark.parametrize("layout", LAYOUTS)
def test_other_names_work_beside_later_folders(trial, layout):
    project = trial.bake("hello", layout=layout)
    for folder in LATER_FOLDERS:
        (project.folder / folder).mkdir(exist_ok=True)
        (project.folder / folder / "file.txt").touch()
    assert builds(project)
    assert not any(trial.failure(command, project) for command in COMMANDS)

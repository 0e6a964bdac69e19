"""Fixtures for all tests: bakes, temporary folders, and requirements of the machine."""

import os
import re
import shutil
import sys
import tempfile
from itertools import product
from pathlib import Path

import pytest
from cookiecutter import config as cookiecutter_config
from cookiecutter.exceptions import FailedHookException
from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir
from jinja2 import Environment

from dev import pythons
from dev.commands import WINDOWS, attempt, tool
from dev.messages import problems_in
from dev.projects import Project
from dev.variants import (
    COVERING,
    DISTINCT,
    NAMES,
    TEMPLATE,
    VARIANTS,
    name_of,
    with_holder,
)

BUILD = TEMPLATE / "build"
# No promise is about speed, so no generated example has a time limit.
settings.register_profile("template", deadline=None)
settings.load_profile("template")


def pytest_addoption(parser):
    """Add the option that ``make test-all`` uses."""
    text = "run all variants, and the expensive tests too"
    parser.addoption("--all", action="store_true", help=text)


def is_first_process(config):
    """Return whether this process is not a worker of pytest-xdist."""
    return not hasattr(config, "workerinput")


def pytest_configure(config):
    """Keep all files that the tests and their processes write under ``build``.

    In projects there, git must not find the template's repository. Commands contain their
    paths without quotes, as those in the documents do.
    """
    if not re.fullmatch(r"[\w/\\:.~+-]+", str(TEMPLATE), re.ASCII):
        message = (
            "Clone the template into a folder whose path has only letters and digits"
        )
        pytest.exit(f"{message}: {TEMPLATE}", returncode=1)
    if is_first_process(config):
        BUILD.mkdir(exist_ok=True)
        temporary = Path(f"{config.option.basetemp}.tmp").absolute()
        shutil.rmtree(temporary, ignore_errors=True)
        temporary.mkdir()
        os.environ |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
        os.environ["GIT_CEILING_DIRECTORIES"] = str(BUILD)
        os.environ["PYTEST_RUN"] = str(os.getpid())
    tempfile.tempdir = None
    set_hypothesis_home_dir(BUILD / "hypothesis")
    configuration = cookiecutter_config.DEFAULT_CONFIG
    configuration["replay_dir"] = str(BUILD / "cookiecutter_replay")


def pytest_sessionfinish(session, exitstatus):
    """Delete temporary files, and if all tests passed, the tests' own folders."""
    if is_first_process(session.config):
        for built in Path(os.environ["TMPDIR"], "images").glob("*/image"):
            image = built.read_text(encoding="utf-8")
            attempt(["podman", "rmi", "--force", "--ignore", image], BUILD)
        shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
        if exitstatus == pytest.ExitCode.OK:
            shutil.rmtree(session.config.option.basetemp, ignore_errors=True)


def pytest_xdist_auto_num_workers():
    """Return two processes for each processor: a third of the time, a test waits."""
    return (os.cpu_count() or 1) * 2


def pytest_generate_tests(metafunc):
    """Parametrize ``any_variant`` and ``every_project``: with all variants, or a few.

    Those few are one variant for each distinct code, and the covering set.
    """
    everything = metafunc.config.option.all
    if "any_variant" in metafunc.fixturenames:
        variants = VARIANTS if everything else DISTINCT
        metafunc.parametrize("any_variant", variants, ids=name_of)
    if "every_project" in metafunc.fixturenames:
        usual = VARIANTS if everything else COVERING
        chosen = [
            *product(["usual"], usual),
            *product(["shortest", "longest"], COVERING),
        ]
        ids = [f"{names}-{name_of(variant)}" for names, variant in chosen]
        metafunc.parametrize("every_project", chosen, indirect=True, ids=ids)


def pytest_collection_modifyitems(config, items):
    """Deselect expensive tests without ``--all``, and start slow tests first."""
    for item in items:
        if not all("reason" in mark.kwargs for mark in item.iter_markers("expensive")):
            raise pytest.UsageError(f"say why make test can do without {item.nodeid}")
    if not config.option.all:
        expensive = [item for item in items if item.get_closest_marker("expensive")]
        config.hook.pytest_deselected(items=expensive)
        items[:] = [item for item in items if item not in set(expensive)]
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)


@pytest.fixture(scope="session", autouse=True)
def compile_once():
    """Cache compiled templates across bakes.

    Compiling is most of a bake. The source determines the result, since all bakes use
    the same extensions.
    """
    compile_uncached = Environment.compile
    compiled = {}

    def compile_cached(self, source, *place, **how):
        key = (source, *place, *how.items())
        if key not in compiled:
            compiled[key] = compile_uncached(self, source, *place, **how)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Environment, "compile", compile_cached)
        yield


@pytest.fixture(scope="session")
def bake(cookies_session):
    """Return a function that bakes with answers and returns the Project.

    Equal answers return the same project: a test that changes it must copy it.
    ``with_holder`` completes the answers.
    """
    baked = {}

    def bake(**answers):
        answers = with_holder(answers)
        key = tuple(sorted(answers.items()))
        if key not in baked:
            result = cookies_session.bake(extra_context=answers, template=str(TEMPLATE))
            if result.exception:
                raise result.exception
            baked[key] = Project(result.project_path, result.context)
        return baked[key]

    return bake


@pytest.fixture(scope="session")
def every_project(bake, request):
    """Return a project: every variant, and some with the shortest and longest names.

    ``make test`` takes the covering set of variants. Tests must not change the project.
    """
    names, variant = request.param
    return bake(**NAMES[names], **variant)


@pytest.fixture
def temporary_folder(tmp_path, monkeypatch):
    """Return a new folder for the temporary files of this process."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture
def path_with(tmp_path):
    """Return a function that accepts names of commands and returns a PATH with only them."""

    def path_with(*commands):
        folder = Path(tempfile.mkdtemp(dir=tmp_path))
        for command in commands:
            file = folder / (f"{command}.exe" if WINDOWS else command)
            found = tool(file.name)
            file.symlink_to(found if found.exists() else sys.executable)
        return str(folder)

    return path_with


@pytest.fixture
def rejection(cookies, capfd, tmp_path, temporary_folder):
    """Return a function that bakes with answers and returns the problems of the hook.

    It asserts a rejection that leaves neither a project nor a temporary file.
    """

    def rejection(**answers):
        result = cookies.bake(extra_context=answers, template=str(TEMPLATE))
        error = capfd.readouterr().err.splitlines()
        assert isinstance(result.exception, FailedHookException), result.exception
        problems = problems_in(error)
        assert list(tmp_path.glob("cookies/*/*")) == []
        assert list(temporary_folder.iterdir()) == []
        return problems

    return rejection


@pytest.fixture(scope="session")
def require():
    """Return a function that skips the test, with a reason, if a requirement is missing.

    If the environment variable CI is ``true``, the test fails instead.
    """

    def require(found, reason):
        if not found and os.environ.get("CI") == "true":
            pytest.fail(reason)
        if not found:
            pytest.skip(reason)
        return found

    return require


@pytest.fixture(scope="module")
def browser(require):
    """Start Chromium."""
    from dev.browser import PROGRAM, chromium  # Importing Playwright takes long.

    require(PROGRAM, "needs Chromium: apt-get install chromium")
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def program(require):
    """Return a function that returns the path of a command, or skips the test.

    It accepts the command, and the package of it unless both have the same name.
    """

    def program(name, package=None):
        install = f"apt-get install {package or name}"
        return require(shutil.which(name), f"needs {name}: {install}")

    return program


@pytest.fixture(scope="session")
def git(program):
    """Skip the test if git is missing."""
    program("git")


@pytest.fixture(scope="session")
def httpserver_listen_address():
    """Return where ``httpserver`` listens: a bare machine cannot resolve ``localhost``."""
    return "127.0.0.1", 0


@pytest.fixture(scope="session")
def python_of(require):
    """Return a function that returns a command for a Python version, or skips the test."""

    def python_of(version):
        install = f".venv/bin/uv python install {version}"
        return require(pythons.find(version), f"needs Python {version}: {install}")

    return python_of


@pytest.fixture
def home(monkeypatch, tmp_path):
    """Return a new home folder for the commands of a test.

    Git and cookiecutter find no configuration but the test's own, and git finds no
    repository above it.
    """
    folder = tmp_path / "home"
    folder.mkdir()
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(folder))
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@example.com")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.delenv("COOKIECUTTER_CONFIG", raising=False)
    return folder

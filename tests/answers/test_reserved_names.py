"""The lists of taken names match what Python and the installers provide."""

import importlib.metadata
import re
import sys
from itertools import product
from pathlib import Path

import pytest

from dev import pythons
from dev.commands import run, site_packages
from dev.rules import TAKEN, names_for, names_with, taken_for, why_not
from dev.variants import CHOICES, LAYOUTS
from hooks.pre_gen_project import NAMES

pytestmark = pytest.mark.slow


PACKAGES = names_with("package that the project imports")
DISTRIBUTIONS = names_with("distribution that the project depends on", "project_slug")
STANDARD_LIBRARY = names_with("standard library")
START_UP = names_with("at start-up")
PROJECT_FILES = names_with("another file in the project")
KEYWORDS = names_with("keyword")
LATER_FOLDERS = names_with("is a folder")

MODULES_OF_PYTHON = """
import pkgutil, sys, sysconfig
folders = [sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")]
folders += [folder + "/lib-dynload" for folder in folders]
print(*sys.stdlib_module_names, *sys.builtin_module_names)
print(*(module.name for module in pkgutil.iter_modules(folders)))
"""


def modules_of(python):
    """Return the standard modules of ``python`` whose names a project could use."""
    output = run([python, "-c", MODULES_OF_PYTHON], Path.cwd())
    return {name for name in output.split() if re.fullmatch("[a-z][a-z0-9_]*", name)}


@pytest.mark.parametrize("version", pythons.SUPPORTED)
def test_standard_library_of_each_python_is_rejected(version, python_of):
    missing = modules_of(python_of(version)) - STANDARD_LIBRARY - START_UP
    assert not missing, f"add to the standard library: {' '.join(sorted(missing))}"


@pytest.mark.parametrize("version", pythons.SUPPORTED)
def test_keywords_of_each_python_are_rejected(version, python_of):
    program = "import keyword; print(*map(str.lower, keyword.kwlist))"
    keywords = run([python_of(version), "-c", program], Path.cwd()).split()
    # Upper-case letters are rejected anyway.
    assert {*keywords} - {"none", "true", "false"} == KEYWORDS


def test_every_reason_and_name_is_listed_once_for_a_question():
    reasons = [reason for reasons in TAKEN.values() for reason in reasons]
    assert len(reasons) == len(set(reasons))
    for question in NAMES:
        names = names_for(question)
        assert len(names) == len(set(names))
        for reason, listed in taken_for(question).items():
            assert listed == sorted(listed)
            for name in listed:
                assert why_not(question, name) == reason.format(name)


def test_standard_library_lists_no_unknown_name(require):
    absent = " ".join(sorted(set(pythons.SUPPORTED) - set(pythons.found())))
    require(not absent, f"needs all Pythons: .venv/bin/uv python install {absent}")
    known = set().union(*map(modules_of, pythons.found().values()))
    stale = STANDARD_LIBRARY - known
    assert not stale, f"remove from the standard library: {' '.join(sorted(stale))}"


def test_modules_of_the_running_python_are_rejected(monkeypatch):
    monkeypatch.setattr(sys, "stdlib_module_names", frozenset({"new_in_python_4"}))
    assert "new_in_python_4 module of Python's" in why_not(
        "module_name", "new_in_python_4"
    )


def imports_of(site_packages):
    """Return the distributions in the folder ``site_packages``, by import name."""
    owners = {}
    for distribution in importlib.metadata.distributions(path=[str(site_packages)]):
        name = re.sub("[-_.]+", "-", distribution.metadata["Name"]).lower()
        for file in distribution.files:
            first, *rest = file.parts
            module = first if rest else first.removesuffix(".py")
            if module.isidentifier() and module[0] != "_" and module != "bin":
                owners[module] = name
    return owners


@pytest.mark.expensive(reason="new releases change its result, not commits")
def test_packages_match_an_installation(bake, python_of, tmp_path):
    fullest = {"layout": "service", "deploy": "container", "ci": "github"}
    projects = [bake(server=each, **fullest) for each in CHOICES["server"]]
    systems = ("linux", "macos", "windows")
    versions = (pythons.SUPPORTED[0], pythons.SUPPORTED[-1])
    installed = {}
    for number, case in enumerate(product(projects, systems, versions)):
        project, system, version = case
        target = tmp_path / str(number)
        platform = ["--python-platform", system, "--python-version", version]
        install = ["uv", "pip", "install", "--quiet", "--target", target, *platform]
        what = ["--only-binary=:all:", "-r", "pyproject.toml", "--group", "dev"]
        run([*install, *what], project.folder)
        installed |= imports_of(target)
    copy = bake().copy(tmp_path / "hello")
    create = [sys.executable, "-m", "venv", "--upgrade-deps", ".venv"]
    run(create, copy.folder)
    pip = [copy.scripts / "pip", "install", "--quiet", "--editable", "."]
    run([*pip, "--group", "dev"], copy.folder)
    installed |= imports_of(site_packages(copy.folder / ".venv"))

    unknown = {*installed} - PACKAGES, {*installed.values()} - DISTRIBUTIONS
    assert unknown == (set(), set()), "add these packages or distributions"

    # The last Python that puts setuptools into every virtual environment.
    run([python_of("3.11"), "-m", "venv", tmp_path / ".venv"], tmp_path)
    installed |= imports_of(site_packages(tmp_path / ".venv"))
    stale = PACKAGES - {*installed}, DISTRIBUTIONS - {*installed.values()}
    assert stale == (set(), set()), "remove what is not installed"


def test_project_files_are_all_possible_collisions(bake):
    files = set()
    for layout in {*LAYOUTS} - {"module"}:  # A module's test has the module's name.
        project = bake(module_name="shop", layout=layout, deploy="kubernetes")
        files |= project.files()
    tests = {Path(file).stem for file in files if re.match("tests/.*[.]py", file)}
    folders = {file.partition("/")[0] for file in files if "/" in file}
    # Extensions of Flask create a folder that a service has.
    assert (tests | folders) - LATER_FOLDERS == PROJECT_FILES

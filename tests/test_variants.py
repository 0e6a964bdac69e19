"""Variants install, pass their tests and the linters, serve, and stop.

``make test`` takes a few in which each pair of answers occurs, ``make test-all`` all.
"""

import re
import shutil
import tomllib
from itertools import combinations, product

import pytest
import pythons
from baking import (
    CHOICES,
    COVERING,
    DEFAULT,
    FULLEST,
    GREETING,
    SCRIPTS,
    VARIANTS,
    WINDOWS,
    run,
    tool,
)
from production import COMBINATIONS, in_production, wait_for_workers

pytestmark = pytest.mark.slow


@pytest.fixture
def place(tmp_path_factory):
    """Return a folder for a project, the same in turn, so that caches know its files."""
    folder = tmp_path_factory.getbasetemp() / "variant" / "hello"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def types(tmp_path_factory):
    """Return the options of mypy with its cache."""
    cache = tmp_path_factory.mktemp("types")
    return ["--strict", "--cache-dir", cache]


def try_out(project, types):
    """Do with a project what its owner will."""
    run(["uv", "sync", "--quiet"], project.folder)
    assert " passed" in run(["uv", "run", "pytest"], project.folder)
    for command in (["check"], ["format", "--check"]):
        run([tool("ruff"), *command], project.folder)
    python = project.folder / ".venv" / SCRIPTS / "python"
    mypy = [tool("mypy"), *types, "--python-executable", python]
    run([*mypy, "."], project.folder)
    if not WINDOWS:
        serve(project)


def serve(project):
    """Start a project as in production, ask it, and stop it."""
    deployed = project.answers["deploy"] != "none"
    with in_production(project) as server:
        wait_for_workers(server, project)
        assert GREETING in server.get().text
        assert server.get("/healthz").status == (200 if deployed else 404)
        server.process.terminate()
        # Granian's worker can miss it while it starts, and is killed after 20 seconds.
        assert server.process.wait(timeout=30) == 0, server.log.read_text()


def test_variant_works(bake, any_variant, place, types):
    try_out(bake(**any_variant).copy(place), types)


@pytest.mark.parametrize("variant", [DEFAULT, FULLEST], ids=["default", "fullest"])
@pytest.mark.parametrize("version", pythons.SUPPORTED)
def test_works_on_each_python(
    bake, variant, version, place, types, python_of, monkeypatch
):
    monkeypatch.setattr("baking.PYTHON", python_of(version))
    project = bake(**variant).copy(place)
    try_out(project, types)
    said = run(["uv", "run", "python", "--version"], project.folder)
    assert said.startswith(f"Python {version}.")


@pytest.mark.parametrize(("server", "layout"), COMBINATIONS)
def test_oldest_dependencies_that_it_allows_are_enough(
    bake, place, types, monkeypatch, server, layout
):
    monkeypatch.setenv("UV_RESOLUTION", "lowest-direct")
    answers = {"server": server, "layout": layout, "deploy": "container"}
    project = bake(ci="github", **answers).copy(place)
    try_out(project, types)
    metadata = tomllib.loads(project.read("pyproject.toml"))
    required = (
        metadata["project"]["dependencies"] + metadata["dependency-groups"]["dev"]
    )
    installed = run(
        ["uv", "pip", "freeze", "--python", ".venv"], project.folder
    ).split()
    for requirement in required:
        name, floor = re.match(r"([a-z-]+)>=([\d.]+)", requirement).groups()
        assert any(f.startswith(f"{name}=={floor}") for f in installed), requirement


def test_covering_variants_have_each_pair_of_answers():
    for one, other in combinations(CHOICES, 2):
        expected = set(product(CHOICES[one], CHOICES[other]))
        assert {(v[one], v[other]) for v in COVERING} == expected
    assert len(COVERING) < len(VARIANTS) / 5


def test_fullest_variant_is_one():
    assert FULLEST in VARIANTS

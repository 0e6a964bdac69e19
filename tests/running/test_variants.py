"""Variants install, pass their tests and the linters, serve, and stop.

``make test`` takes one for each distinct code, ``make test-all`` all.
"""

import re
import shutil
import tomllib
from itertools import combinations, product

import pytest

from dev import pythons
from dev.commands import WINDOWS, run, tool
from dev.production import serving_in_production, wait_for_workers
from dev.servers import GREETING, LONG
from dev.variants import (
    CHOICES,
    COVERING,
    DEFAULT,
    FULLEST,
    SERVERS_AND_LAYOUTS,
    VARIANTS,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def project_folder(tmp_path_factory):
    """Return a folder for a project, the same in turn, so that caches know its files."""
    folder = tmp_path_factory.getbasetemp() / "variant" / "hello"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def mypy_options(tmp_path_factory):
    """Return the options of mypy with its cache."""
    cache = tmp_path_factory.mktemp("types")
    return ["--strict", "--cache-dir", cache]


def try_out(project, mypy_options, env=None):
    """Do with a project what its owner will."""
    project.install(env)
    assert " passed" in run(["uv", "run", "pytest"], project.folder, env=env)
    for command in (["check"], ["format", "--check"]):
        run([tool("ruff"), *command], project.folder)
    python = ["--python-executable", project.scripts / "python"]
    mypy = [tool("mypy"), "--config-file=", *mypy_options, *python]
    run([*mypy, "."], project.folder)
    if not WINDOWS:
        serve(project, env)


def serve(project, env=None):
    """Start a project as in production, ask it, and stop it."""
    deployed = project.answers["deploy"] != "none"
    with serving_in_production(project, env=env) as server:
        wait_for_workers(server, project)
        assert GREETING in server.get().text
        assert server.get("/healthz").status == (200 if deployed else 404)
        server.process.terminate()
        # Granian's worker can miss it while it starts, and is killed after 20 seconds.
        assert server.process.wait(timeout=LONG) == 0, server.log.read_text()


def test_variant_works(bake, any_variant, project_folder, mypy_options):
    try_out(bake(**any_variant).copy(project_folder), mypy_options)


@pytest.mark.parametrize("variant", [DEFAULT, FULLEST], ids=["default", "fullest"])
@pytest.mark.parametrize("version", pythons.SUPPORTED)
def test_works_on_each_python(
    bake, variant, version, project_folder, mypy_options, python_of
):
    env = {"UV_PYTHON": python_of(version)}
    project = bake(**variant).copy(project_folder)
    try_out(project, mypy_options, env)
    said = run([project.scripts / "python", "--version"], project.folder)
    assert said.startswith(f"Python {version}.")


@pytest.mark.parametrize(("server", "layout"), SERVERS_AND_LAYOUTS)
def test_oldest_dependencies_that_it_allows_are_enough(
    bake, project_folder, mypy_options, server, layout
):
    answers = {"server": server, "layout": layout, "deploy": "container"}
    project = bake(ci="github", **answers).copy(project_folder)
    try_out(project, mypy_options, {"UV_RESOLUTION": "lowest-direct"})
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

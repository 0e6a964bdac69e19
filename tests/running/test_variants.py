"""Variants install, pass their tests and the linters, serve, and stop.

``make test`` runs one per distinct code, ``make test-all`` runs all.
"""

import re
import shutil
import tomllib
from itertools import combinations, product

import pytest

from dev.commands import WINDOWS, run, tool
from dev.production import serving_in_production, wait_for_workers
from dev.pythons import SUPPORTED as PYTHONS
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
def in_turn(tmp_path_factory):
    """Return a function that copies a project to a folder that tests use in turn.

    The copy inherits the previous virtual environment, with its bytecode. ``uv sync``
    brings that to the same state as a new one.
    """
    folder = tmp_path_factory.getbasetemp() / "variant" / "hello"
    environment = folder.with_name("environment")

    def in_turn(project):
        copy = project.copy(folder)
        if environment.exists():
            environment.rename(folder / ".venv")
        return copy

    yield in_turn
    if (folder / ".venv").exists():
        (folder / ".venv").rename(environment)
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def check_types(tmp_path_factory):
    """Return a function that checks the types of an installed project.

    It checks equal code with equal packages only once.
    """
    cache = tmp_path_factory.mktemp("types")
    checked = []

    def check_types(project):
        python = project.scripts / "python"
        packages = run(["uv", "pip", "freeze", "--python", python], project.folder)
        python_version = project.read(".venv/pyvenv.cfg")
        code = {
            path: path.read_bytes()
            for path in project.folder.rglob("*.py")
            if not path.is_relative_to(project.folder / ".venv")
        }
        assert len(code) > 1
        facts = (code, packages, python_version)
        if facts in checked:
            return
        options = ["--strict", "--cache-dir", cache, "--python-executable", python]
        run([tool("mypy"), "--config-file=", *options, "."], project.folder)
        checked.append(facts)

    return check_types


def try_out(project, check_types, env=None):
    """Install, test, lint and serve a project, as its owner would."""
    project.install(env)
    assert " passed" in run(["uv", "run", "pytest"], project.folder, env=env)
    for command in (["check"], ["format", "--check"]):
        run([tool("ruff"), *command], project.folder)
    check_types(project)
    if not WINDOWS:
        serve(project, env)


def serve(project, env=None):
    """Start a project as in production, request its pages, and stop it."""
    deployed = project.answers["deploy"] != "none"
    with serving_in_production(project, env=env) as server:
        wait_for_workers(server, project)
        assert GREETING in server.get().text
        assert server.get("/healthz").status == (200 if deployed else 404)
        server.process.terminate()
        # Granian's worker can miss the signal at start-up; it is killed after 20 seconds.
        assert server.process.wait(timeout=LONG) == 0, server.log.read_text()


def test_variant_works(bake, any_variant, in_turn, check_types):
    try_out(in_turn(bake(**any_variant)), check_types)


@pytest.mark.parametrize(
    ("variant", "version"),
    [
        *(pytest.param(DEFAULT, each, id=f"default-{each}") for each in PYTHONS),
        *(
            pytest.param(
                FULLEST,
                each,
                marks=[pytest.mark.expensive] * (each not in (PYTHONS[0], PYTHONS[-1])),
                id=f"fullest-{each}",
            )
            for each in PYTHONS
        ),
    ],
)
def test_variant_works_on_every_python(
    bake, variant, version, in_turn, check_types, python_of
):
    env = {"UV_PYTHON": python_of(version)}
    project = in_turn(bake(**variant))
    try_out(project, check_types, env)
    said = run([project.scripts / "python", "--version"], project.folder)
    assert said.startswith(f"Python {version}.")


@pytest.mark.parametrize(("server", "layout"), SERVERS_AND_LAYOUTS)
def test_oldest_allowed_dependencies_are_enough(
    bake, in_turn, check_types, server, layout
):
    answers = {"server": server, "layout": layout, "deploy": "container"}
    project = in_turn(bake(ci="github", **answers))
    try_out(project, check_types, {"UV_RESOLUTION": "lowest-direct"})
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


def test_covering_variants_contain_every_pair_of_answers():
    for one, other in combinations(CHOICES, 2):
        expected = set(product(CHOICES[one], CHOICES[other]))
        assert {(v[one], v[other]) for v in COVERING} == expected
    assert len(COVERING) < len(VARIANTS) / 5


def test_fullest_variant_exists():
    assert FULLEST in VARIANTS

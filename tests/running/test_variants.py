"""Variants install, pass their tests and the linters, serve, and stop.

``make test`` runs one per distinct code, ``make test-all`` runs all.
"""

import os
import re
import shutil
import tomllib
from contextlib import suppress
from hashlib import sha256
from itertools import combinations, product
from pathlib import Path

import pytest

from dev.commands import WINDOWS, run, tool
from dev.production import production_command, serving_in_production, wait_for_workers
from dev.pythons import SUPPORTED as PYTHONS
from dev.servers import GREETING, LONG
from dev.variants import (
    CHOICES,
    COVERING,
    DEFAULT,
    FULLEST,
    IN_CONTAINERS,
    VARIANTS,
    name_of,
)

BETWEEN = pytest.mark.expensive(reason="the default runs on every Python")


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
def is_new():
    """Return a function that says whether no process of this run has got these facts before."""
    folder = Path(os.environ["TMPDIR"], "tried")
    folder.mkdir(exist_ok=True)

    def is_new(*facts):
        name = sha256(repr(facts).encode()).hexdigest()
        with suppress(FileExistsError):
            (folder / name).touch(exist_ok=False)
            return True
        return False

    return is_new


@pytest.fixture
def try_out(request, tmp_path_factory):
    """Return a function that installs, lints, tests and serves a project, as its owner would.

    It accepts the project, environment variables, and whether to check types. With these
    variables, it also tests a service on PostgreSQL.
    """
    # Processes that share a cache can break it for each other.
    cache = tmp_path_factory.getbasetemp() / "types"

    def try_out(project, env=None, *, types=True):
        project.install(env)
        for command in (["check"], ["format", "--check"]):
            run([tool("ruff"), *command, "--no-cache"], project.folder)
        environments = [env or {}]
        if env and project.answers["layout"] == "service":
            server = request.getfixturevalue("database_server")
            environments.append({**env, "TEST_DATABASE_URL": server.create()})
        for each in environments:
            said = run(["uv", "run", "pytest"], project.folder, env=each)
            assert " passed" in said
            assert "TEST_DATABASE_URL" not in each or "skipped" not in said
        if types:
            python = project.scripts / "python"
            options = ["--strict", "--cache-dir", cache, "--python-executable", python]
            run([tool("mypy"), "--config-file=", *options, "."], project.folder)
        if not WINDOWS:
            serve(project, env)

    return try_out


def running_parts(project):
    """Return what running a project can depend on.

    That is all but its documents, answers, author and license, and the files of Git, CI
    and containers. The folder of manifests counts, since Python could import it.
    """
    others = r"\.venv/|\.git|\.docker|\.flask-hello|[A-Z]|compose|kubernetes/|renovate"
    paths = sorted(path for path in project.files() if not re.match(others, path))
    assert sum(path.endswith(".py") for path in paths) > 1
    texts = {path: project.read(path) for path in paths}
    metadata = tomllib.loads(texts.pop("pyproject.toml"))
    keys = ("authors", "license", "license-files")
    about = [metadata["project"].pop(key, None) for key in keys]
    manifests = (project.folder / "kubernetes").exists()
    return (texts, metadata, manifests, production_command(project)), about


def serve(project, env=None):
    """Start a project as in production, request its pages, and stop it."""
    answers = project.answers
    checked = answers["deploy"] != "none" or answers["layout"] == "service"
    with serving_in_production(project, env=env) as server:
        wait_for_workers(server, project)
        assert GREETING in server.get().text
        assert server.get("/healthz").status == (200 if checked else 404)
        server.process.terminate()
        # Granian's worker can miss the signal at start-up; it is killed after 20 seconds.
        assert server.process.wait(timeout=LONG) == 0, server.log.read_text()


def test_variant_works(bake, any_variant, is_new, in_turn, try_out):
    project = bake(**any_variant)
    parts, about = running_parts(project)
    if is_new(parts):
        try_out(in_turn(project))
    elif is_new(about):
        in_turn(project).install()


WITH_EVERY_PYTHON = [
    pytest.param(
        variant,
        version,
        marks=[BETWEEN] * (variant == FULLEST and version in PYTHONS[1:-1]),
        id=f"{name_of(variant)}-{version}",
    )
    for variant, version in product([DEFAULT, FULLEST], PYTHONS)
]


@pytest.mark.parametrize(("variant", "version"), WITH_EVERY_PYTHON)
def test_variant_works_on_every_python(
    bake, variant, version, in_turn, try_out, python_of
):
    env = {"UV_PYTHON": python_of(version)}
    project = in_turn(bake(**variant))
    try_out(project, env, types=version in (PYTHONS[0], PYTHONS[-1]))
    said = run([project.scripts / "python", "--version"], project.folder)
    assert said.startswith(f"Python {version}.")


@pytest.mark.parametrize(("server", "layout"), IN_CONTAINERS)
def test_oldest_allowed_dependencies_are_enough(bake, in_turn, try_out, server, layout):
    answers = {"server": server, "layout": layout, "deploy": "container"}
    project = in_turn(bake(ci="github", **answers))
    try_out(project, {"UV_RESOLUTION": "lowest-direct"})
    metadata = tomllib.loads(project.read("pyproject.toml"))
    required = metadata["project"]["dependencies"]
    required += metadata["dependency-groups"]["dev"]
    freeze = ["uv", "pip", "freeze", "--python", ".venv"]
    installed = run(freeze, project.folder).split()
    for requirement in required:
        name, floor = re.match(r"([a-z-]+).*?>=([\d.]+)", requirement).groups()
        assert any(f.startswith(f"{name}=={floor}") for f in installed), requirement


def test_covering_variants_contain_every_pair_of_answers():
    for one, other in combinations(CHOICES, 2):
        expected = set(product(CHOICES[one], CHOICES[other]))
        assert {(v[one], v[other]) for v in COVERING} == expected
    assert len(COVERING) < len(VARIANTS) / 5

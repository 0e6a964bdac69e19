"""Measure the time from the start of a bake to the first page, with warm caches."""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from dev.commands import SCRIPTS, run
from dev.projects import bake, bake_command
from dev.servers import serving
from dev.targets.benchmarks.paired import Comparison, compare

QUICKSTART = """from flask import Flask

app = Flask(__name__)


@app.route("/")
def hello_world():
    return "Hello, World!"
"""


def by_hand(folder: Path) -> float:
    """Follow Flask's quickstart with uv and return the seconds until the first page."""
    (folder / "hello.py").write_text(QUICKSTART)
    start = time.perf_counter()
    run(["uv", "venv"], folder)
    run(["uv", "pip", "install", "--python", ".venv", "flask"], folder)
    flask = folder / ".venv" / SCRIPTS / "flask"
    with serving([flask, "--app", "hello", "run"], folder):
        return time.perf_counter() - start


def baked(folder: Path, *, layout: str = "module", built: bool = False) -> float:
    """Bake in ``folder``, start the app and return the seconds until the first page.

    With ``built``, uv builds and installs the project, which a module does not need.
    """
    start = time.perf_counter()
    project = bake(folder, layout=layout)
    if built:
        project.change("pyproject.toml", "package = false", "package = true")
    with serving(["uv", "run", "flask", "run"], project.folder):
        return time.perf_counter() - start


def baked_by(peer: Path, folder: Path) -> float:
    """Bake the default project of the template ``peer`` and start its app.

    Return the seconds until the first page. Requirements files, if any, decide how it is
    installed.
    """
    start = time.perf_counter()
    run(bake_command(folder, template=peer), folder)
    (project,) = [path for path in folder.iterdir() if path.is_dir()]
    requirements = [
        project / "requirements.txt",
        *project.glob("requirements/dev*.txt"),
    ]
    found = [path for path in requirements if path.exists()]
    flask: list[str | Path] = ["uv", "run", "flask", "run"]
    if found:
        run(["uv", "venv"], project)
        install: list[str | Path] = ["uv", "pip", "install"]
        run([*install, "--python", ".venv", "-r", found[-1]], project)
        flask = [project / ".venv" / SCRIPTS / "flask", "run"]
    with serving(flask, project):
        return time.perf_counter() - start


def gives_a_page(peer: Path) -> bool:
    """Return whether the default project of ``peer`` serves a page; print why not."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            baked_by(peer, Path(folder))
        except AssertionError as error:
            last = str(error).strip().splitlines()[-1]
            print(f"{peer.name} serves no page: {last}", file=sys.stderr)
            return False
    return True


def measure(rounds: int | None, peers: list[Path]) -> Iterator[Comparison]:
    """Yield the comparison of bakes with the quickstart by hand."""
    actions: dict[str, Callable[[Path], float]] = {
        "by hand": by_hand,
        "default": baked,
        "default, built": partial(baked, built=True),
        "package": partial(baked, layout="package"),
        **{peer.name: partial(baked_by, peer) for peer in filter(gives_a_page, peers)},
    }
    yield compare(
        "first-page", "From nothing to the first page", "s", actions, rounds or 9
    )

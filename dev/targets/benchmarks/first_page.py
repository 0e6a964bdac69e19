"""Measure the time from the start of a bake to the first page, with warm caches."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from dev.commands import SCRIPTS, run
from dev.projects import bake
from dev.servers import serving
from dev.targets.benchmarks.paired import Comparison, compare

QUICKSTART = """from flask import Flask

app = Flask(__name__)


@app.route("/")
def hello_world():
    return "Hello, World!"
"""


def by_hand(folder: Path) -> None:
    """Follow Flask's quickstart with uv, until the first page."""
    (folder / "hello.py").write_text(QUICKSTART)
    run(["uv", "venv"], folder)
    run(["uv", "pip", "install", "--python", ".venv", "flask"], folder)
    flask = folder / ".venv" / SCRIPTS / "flask"
    with serving([flask, "--app", "hello", "run"], folder):
        pass


def baked(folder: Path, *, layout: str = "module", built: bool = False) -> None:
    """Bake in ``folder``, and run the app until its first page.

    With ``built``, uv builds and installs the project, which a module does not need.
    """
    project = bake(folder, layout=layout)
    if built:
        project.change("pyproject.toml", "package = false", "package = true")
    with serving(["uv", "run", "flask", "run"], project.folder):
        pass


def measure(rounds: int | None) -> Iterator[Comparison]:
    """Yield the comparison of bakes with the quickstart by hand."""
    actions: dict[str, Callable[[Path], None]] = {
        "by hand": by_hand,
        "default": baked,
        "default, built": partial(baked, built=True),
        "package": partial(baked, layout="package"),
    }
    yield compare(
        "first-page", "From nothing to the first page", "s", actions, rounds or 9
    )

"""Measure the processes of bakes, and the time to the first page, with warm caches."""

import tempfile
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from dev.commands import SCRIPTS, run
from dev.projects import bake, bake_command
from dev.servers import serving
from dev.targets.benchmarks.paired import Comparison, compare
from dev.variants import FULLEST, TEMPLATE, Variant

QUICKSTART = """from flask import Flask

app = Flask(__name__)


@app.route("/")
def hello_world():
    return "Hello, World!"
"""


def one_file_template(folder: Path) -> Path:
    """Create a template of one file and no hooks in ``folder`` and return its path."""
    project = folder / "one-file" / "{{cookiecutter.project_slug}}"
    project.mkdir(parents=True)
    project.joinpath("hello.py").write_text("print('hello')\n")
    project.parent.joinpath("cookiecutter.json").write_text('{"project_slug": "hello"}')
    return project.parent


def bake_with(template: Path, answers: Variant, folder: Path) -> None:
    """Bake ``template`` in ``folder``."""
    run(bake_command(folder, answers, template), folder)


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
    """Yield the comparisons with the smallest template, and with the quickstart by hand."""
    with tempfile.TemporaryDirectory() as home:
        bakes = {
            "one file, no hooks": partial(bake_with, one_file_template(Path(home)), {}),
            "default": partial(bake_with, TEMPLATE, {}),
            "package": partial(bake_with, TEMPLATE, {"layout": "package"}),
            "fullest": partial(bake_with, TEMPLATE, FULLEST),
        }
        yield compare("bake", "A bake", "s", bakes, rounds or 30)
    starts: dict[str, Callable[[Path], None]] = {
        "by hand": by_hand,
        "default": baked,
        "default, built": partial(baked, built=True),
        "package": partial(baked, layout="package"),
    }
    title = "From nothing to the first page"
    yield compare("first-page", title, "s", starts, rounds or 9)

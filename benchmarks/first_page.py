"""Measure the time from the start of a bake to the first page, with warm caches."""

import sys
import time
from functools import partial

from baking import SCRIPTS, TEMPLATE, Project, run, serving
from paired import compare

QUICKSTART = """from flask import Flask

app = Flask(__name__)


@app.route("/")
def hello_world():
    return "Hello, World!"
"""


def by_hand(folder):
    """Do what the quickstart says, with uv, and return how many seconds it took."""
    (folder / "hello.py").write_text(QUICKSTART)
    start = time.perf_counter()
    run(["uv", "venv"], folder)
    run(["uv", "pip", "install", "--python", ".venv", "flask"], folder)
    flask = folder / ".venv" / SCRIPTS / "flask"
    with serving([flask, "--app", "hello", "run"], folder):
        return time.perf_counter() - start


def baked(folder, *answers, built=False):
    """Bake, start and fetch the page, and return how many seconds it took.

    ``built`` makes uv build and install the project, which a single module does not need.
    """
    start = time.perf_counter()
    bake = [
        "--no-input",
        "--default-config",
        "--output-dir",
        folder,
        TEMPLATE,
        *answers,
    ]
    run([sys.executable, "-m", "cookiecutter", *bake], folder)
    project = Project(folder / "hello")
    if built:
        project.change("pyproject.toml", "package = false", "package = true")
    with serving(["uv", "run", "flask", "run"], project.folder):
        return time.perf_counter() - start


def measure(rounds):
    """Yield the comparison of the ways to a page."""
    actions = {
        "by hand": by_hand,
        "default": baked,
        "default, built": partial(baked, built=True),
        "package": lambda folder: baked(folder, "layout=package"),
    }
    yield compare("From nothing to the first page", "s", actions, rounds or 9)

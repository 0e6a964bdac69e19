"""Measure the time from the start of a bake to the first page, with warm caches."""

import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from baking import COOKIECUTTER, SCRIPTS, TEMPLATE, Project, run, serving
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
    run([*COOKIECUTTER, *bake], folder)
    project = Project(folder / "hello")
    if built:
        project.change("pyproject.toml", "package = false", "package = true")
    with serving(["uv", "run", "flask", "run"], project.folder):
        return time.perf_counter() - start


def baked_by(peer, folder):
    """Bake the default project of another template, start it and fetch its page.

    Return how many seconds it took. It is installed as its files suggest.
    """
    start = time.perf_counter()
    bake = ["--no-input", "--default-config", "--output-dir", folder, peer]
    run([*COOKIECUTTER, *bake], folder)
    (project,) = [path for path in folder.iterdir() if path.is_dir()]
    requirements = [
        project / "requirements.txt",
        *project.glob("requirements/dev*.txt"),
    ]
    found = [path for path in requirements if path.exists()]
    flask = ["uv", "run", "flask", "run"]
    if found:
        run(["uv", "venv"], project)
        environment = ["--python", project / ".venv"]
        run(["uv", "pip", "install", *environment, "-r", found[-1]], project)
        flask = [project / ".venv" / SCRIPTS / "flask", "run"]
    with serving(flask, project):
        return time.perf_counter() - start


def gives_a_page(peer):
    """Return whether the default project of another template can be started at all."""
    with tempfile.TemporaryDirectory() as folder:
        try:
            baked_by(peer, Path(folder))
        except AssertionError as error:
            last = str(error).strip().splitlines()[-1]
            print(f"{peer.name} gives no page: {last}", file=sys.stderr)
            return False
    return True


def measure(rounds, peers):
    """Yield the comparison of the ways to a page."""
    actions = {
        "by hand": by_hand,
        "default": baked,
        "default, built": partial(baked, built=True),
        "package": lambda folder: baked(folder, "layout=package"),
        **{peer.name: partial(baked_by, peer) for peer in filter(gives_a_page, peers)},
    }
    yield compare("From nothing to the first page", "s", actions, rounds or 9)

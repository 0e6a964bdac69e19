"""Measure the time from the start of a bake to the first page, with warm caches."""

import sys
import time
from functools import partial
from pathlib import Path

from paired import compare

TEMPLATE = Path(__file__).parent.parent
sys.path.append(str(TEMPLATE / "tests"))

from baking import SCRIPTS, Project, run, serving


def by_hand(folder):
    """Do what the quickstart says, with uv, and return how many seconds it took."""
    source = (
        TEMPLATE / "{{cookiecutter.project_slug}}" / "{{cookiecutter.module_name}}.py"
    )
    (folder / "hello.py").write_bytes(source.read_bytes())
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


def main():
    """Compare the ways to a page."""
    actions = {
        "by hand": by_hand,
        "default": baked,
        "default, built": partial(baked, built=True),
        "package": lambda folder: baked(folder, "layout=package"),
    }
    compare("From nothing to the first page", actions, rounds=9)


if __name__ == "__main__":
    main()

"""Compare the processes of bakes with that of a template of one file and no hooks."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from dev.commands import run
from dev.projects import bake_command
from dev.targets.benchmarks.paired import Comparison, compare
from dev.variants import FULLEST, TEMPLATE, Variant


def one_file_template(folder: Path) -> Path:
    """Create a template of one file and no hooks in ``folder`` and return its path."""
    project = folder / "one-file" / "{{cookiecutter.project_slug}}"
    project.mkdir(parents=True)
    project.joinpath("hello.py").write_text("print('hello')\n")
    project.parent.joinpath("cookiecutter.json").write_text('{"project_slug": "hello"}')
    return project.parent


def bake(template: Path, answers: Variant, folder: Path) -> None:
    """Bake ``template`` in ``folder``."""
    run(bake_command(folder, answers, template), folder)


def measure(rounds: int | None) -> Iterator[Comparison]:
    """Yield the comparison of some variants with the smallest template."""
    with tempfile.TemporaryDirectory() as home:
        templates: dict[str, tuple[Path, Variant]] = {
            "one file, no hooks": (one_file_template(Path(home)), {}),
            "default": (TEMPLATE, {}),
            "package": (TEMPLATE, {"layout": "package"}),
            "fullest": (TEMPLATE, FULLEST),
        }
        actions = {
            name: partial(bake, template, answers)
            for name, (template, answers) in templates.items()
        }
        yield compare("bake", "A bake", "s", actions, rounds or 30)

"""Compare the processes of bakes with that of a template of one file and no hooks."""

import compileall
import os
import subprocess
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import cookiecutter

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


def seconds_to_bake(
    template: Path, answers: Variant, environment: dict[str, str], folder: Path
) -> float:
    """Bake ``template`` in ``folder`` and return the seconds that it took."""
    command = bake_command(folder, answers, template)
    start = time.perf_counter()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return time.perf_counter() - start


def measure(rounds: int | None) -> Iterator[Comparison]:
    """Yield the comparison of some variants with the smallest template."""
    compileall.compile_dir(Path(cookiecutter.__file__).parent.parent, quiet=2)
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"HOME": home, "USERPROFILE": home}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        templates: dict[str, tuple[Path, Variant]] = {
            "one file, no hooks": (one_file_template(Path(home)), {}),
            "default": (TEMPLATE, {}),
            "package": (TEMPLATE, {"layout": "package"}),
            "fullest": (TEMPLATE, FULLEST),
        }
        actions = {
            name: partial(seconds_to_bake, template, answers, environment)
            for name, (template, answers) in templates.items()
        }
        yield compare("bake", "A bake", "s", actions, rounds or 30)

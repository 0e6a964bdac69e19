"""Compare the processes of bakes with that of a template of one file and no hooks."""

import compileall
import os
import resource
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
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


def processor_time() -> float:
    """Return the CPU time of all child processes that have ended, in seconds."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def seconds_to_bake(
    clock: Callable[[], float],
    template: Path,
    answers: Variant,
    environment: dict[str, str],
    folder: Path,
) -> float:
    """Bake ``template`` in ``folder`` and return the seconds that it took by ``clock``."""
    command = bake_command(folder, answers, template)
    start = clock()
    subprocess.run(command, env=environment, check=True, capture_output=True)
    return clock() - start


def measure(rounds: int | None, peers: list[Path]) -> Iterator[Comparison]:
    """Yield comparisons of some variants and ``peers`` with the smallest template."""
    compileall.compile_dir(Path(cookiecutter.__file__).parent.parent, quiet=2)
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"HOME": home, "USERPROFILE": home}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        templates: dict[str, tuple[Path, Variant]] = {
            "one file, no hooks": (one_file_template(Path(home)), {}),
            "default": (TEMPLATE, {}),
            "package": (TEMPLATE, {"layout": "package"}),
            "fullest": (TEMPLATE, FULLEST),
            **{peer.name: (peer, {}) for peer in peers},
        }
        clocks = {
            "bake": ("A bake", time.perf_counter),
            "bake-processor": ("A bake, CPU time", processor_time),
        }
        for name, (title, clock) in clocks.items():
            actions = {
                each: partial(seconds_to_bake, clock, template, answers, environment)
                for each, (template, answers) in templates.items()
            }
            yield compare(name, title, "s", actions, rounds or 30)

"""Measure a bake, as a whole process, beside a template with one file and no hooks."""

import compileall
import os
import subprocess
import tempfile
import time
from functools import partial
from pathlib import Path

import cookiecutter
from baking import COOKIECUTTER, FULLEST, TEMPLATE, on_command_line
from paired import compare


def one_file_template(folder):
    """Make a template of one file and without hooks in ``folder``, and return it."""
    project = folder / "one-file" / "{{cookiecutter.project_slug}}"
    project.mkdir(parents=True)
    project.joinpath("hello.py").write_text("print('hello')\n")
    project.parent.joinpath("cookiecutter.json").write_text('{"project_slug": "hello"}')
    return project.parent


def bake(template, answers, environment, folder):
    """Bake ``template`` in ``folder`` and return how many seconds it took."""
    command = [*COOKIECUTTER, "--no-input", "-o", folder]
    given = on_command_line(answers)
    start = time.perf_counter()
    subprocess.run(
        [*command, template, *given], env=environment, check=True, capture_output=True
    )
    return time.perf_counter() - start


def measure(rounds, peers):
    """Yield the comparison of some variants, and ``peers``, with the smallest template."""
    compileall.compile_dir(Path(cookiecutter.__file__).parent.parent, quiet=2)
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"HOME": home, "USERPROFILE": home}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        templates = {
            "one file, no hooks": (one_file_template(Path(home)), {}),
            "default": (TEMPLATE, {}),
            "package": (TEMPLATE, {"layout": "package"}),
            "fullest": (TEMPLATE, FULLEST),
            **{peer.name: (peer, {}) for peer in peers},
        }
        actions = {
            name: partial(bake, template, answers, environment)
            for name, (template, answers) in templates.items()
        }
        yield compare("A bake", "s", actions, rounds or 30)

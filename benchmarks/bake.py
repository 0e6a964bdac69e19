"""Measure a bake, as a whole process, beside a template with one file and no hooks."""

import compileall
import os
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import cookiecutter
from baking import TEMPLATE
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
    command = [sys.executable, "-m", "cookiecutter", "--no-input", "-o", folder]
    start = time.perf_counter()
    subprocess.run(
        [*command, template, *answers], env=environment, check=True, capture_output=True
    )
    return time.perf_counter() - start


def measure(rounds):
    """Yield the comparison of three variants with the smallest template there is."""
    compileall.compile_dir(Path(cookiecutter.__file__).parent.parent, quiet=2)
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {"HOME": home, "USERPROFILE": home}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        smallest = one_file_template(Path(home))
        package = ["layout=package", "license=MIT"]
        actions = {
            "one file, no hooks": partial(bake, smallest, [], environment),
            "default": partial(bake, TEMPLATE, [], environment),
            "package, license": partial(bake, TEMPLATE, package, environment),
            "package, license, Kubernetes": partial(
                bake, TEMPLATE, [*package, "deploy=kubernetes"], environment
            ),
        }
        yield compare("A bake", "s", actions, rounds or 30)

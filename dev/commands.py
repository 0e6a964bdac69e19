"""Run commands in the environment of a user of the template."""

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from uv import find_uv_bin

WINDOWS = sys.platform == "win32"
LINUX = sys.platform == "linux"
SCRIPTS = "Scripts" if WINDOWS else "bin"
# The base interpreter, outside the virtual environment of these tools.
PYTHON: str = sys._base_executable  # type: ignore[attr-defined]
COOKIECUTTER: list[str | Path] = [sys.executable, "-m", "cookiecutter"]

Command = Sequence[str | Path]


def outside_path(*folders: Path) -> str:
    """Return the PATH of a user of the template, preceded by ``folders``.

    The virtual environment of these tools comes last: it supplies only what the user
    lacks, such as uv.
    """
    own = str(Path(sys.prefix) / SCRIPTS)
    path = [folder for folder in os.get_exec_path() if folder != own]
    return os.pathsep.join([*map(str, folders), *path, own])


def outside_environment(env: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the environment variables of a user of the template, updated with ``env``.

    Variables that configure Flask, the servers, make, pytest or Python are left out.
    """
    own = (
        "FLASK_",
        "GRANIAN_",
        "GUNICORN_",
        "MAKE",
        "PYTEST_",
        "PYTHON",
        "VIRTUAL_ENV",
        "WEB_CONCURRENCY",
    )
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(own)
    }
    return {
        **inherited,
        "PATH": outside_path(),
        "PYTHONUTF8": "1",
        "UV_PYTHON": PYTHON,
        "UV_PYTHON_DOWNLOADS": "never",
        **(env or {}),
    }


def site_packages(environment: Path) -> Path:
    """Return the site-packages folder of the virtual environment ``environment``."""
    pattern = "Lib/site-packages" if WINDOWS else "lib/python*/site-packages"
    (folder,) = environment.glob(pattern)
    return folder


def tool(name: str) -> Path:
    """Return the path of the command ``name`` in the virtual environment of these tools."""
    return Path(sys.prefix) / SCRIPTS / name


def with_uv(command: Command) -> Command:
    """Return ``command``, with ``uv`` replaced by its path."""
    return [find_uv_bin(), *command[1:]] if command[0] == "uv" else command


def attempt(
    command: Command,
    folder: Path | str,
    *,
    input: str = "",
    env: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run ``command`` in ``folder`` and return the CompletedProcess, even after a failure.

    ``input`` is its standard input; ``outside_environment(env)`` is its environment. Raise
    TimeoutExpired after 15 minutes.
    """
    return subprocess.run(
        with_uv(command),
        cwd=folder,
        env=outside_environment(env),
        input=input,
        capture_output=True,
        encoding="utf-8",
        timeout=900,
        check=False,
    )


def run(
    command: Command,
    folder: Path | str,
    *,
    input: str = "",
    env: Mapping[str, str] | None = None,
) -> str:
    """Run ``command`` in ``folder`` as ``attempt`` does and return its standard output.

    Raise AssertionError with its output and a line that names it if its exit status is
    not 0.
    """
    result = attempt(command, folder, input=input, env=env)
    said = result.stdout + result.stderr
    assert result.returncode == 0, failure(command, folder, said)
    return result.stdout


def failure(command: Command, folder: Path | str, said: str) -> str:
    """Return what a failed ``command`` said, and a line that names it."""
    line = shlex.join(map(str, command))
    return f"{said.rstrip()}\n\nERROR: failed in {folder}: {line}"

"""The Pythons of this machine."""

import os
import shutil
from functools import cache
from pathlib import Path

from dev.commands import PYTHON, attempt

SUPPORTED = ["3.11", "3.12", "3.13", "3.14", "3.15"]


@cache
def found() -> dict[str, str]:
    """Return a command for each supported Python that this machine has, by version.

    They are looked for on PATH, among pyenv's and among uv's.
    """
    return {version: python for version in SUPPORTED if (python := find(version))}


def find(version: str) -> str | None:
    """Return a command that runs Python ``version``, or None."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    uv = attempt(["uv", "python", "find", "--no-project", version], Path.cwd())
    candidates: list[str | Path | None] = [
        PYTHON,
        shutil.which(f"python{version}"),
        *sorted(pyenv.glob(f"versions/{version}.*/bin/python")),
        uv.stdout.strip(),
    ]
    question = "import sys; print('%d.%d' % sys.version_info[:2])"
    for python in filter(None, candidates):
        answer = attempt([str(python), "-c", question], Path.cwd())
        if answer.stdout.strip() == version:
            return str(python)
    return None

"""Find the Python versions on this machine."""

import os
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from dev.commands import PYTHON, attempt
from dev.values import NEWEST_PYTHON, OLDEST_PYTHON

first, last = (int(each.partition(".")[2]) for each in (OLDEST_PYTHON, NEWEST_PYTHON))
SUPPORTED = [f"3.{minor}" for minor in range(first, last + 1)]


def found() -> dict[str, str]:
    """Return a command for every supported Python on this machine, by version.

    The search covers this Python, PATH, pyenv and uv.
    """
    return {version: python for version in SUPPORTED if (python := find(version))}


@cache
def find(version: str) -> str | None:
    """Return a command that runs Python ``version``, such as 3.13, or None."""
    question = "import sys; print('%d.%d' % sys.version_info[:2])"
    for python in filter(None, candidates(version)):
        answer = attempt([str(python), "-c", question], Path.cwd())
        if answer.stdout.strip() == version:
            return str(python)
    return None


def candidates(version: str) -> Iterator[str | Path | None]:
    """Yield commands that may run Python ``version``, the slowest to find last."""
    yield PYTHON
    yield shutil.which(f"python{version}")
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    yield from sorted(pyenv.glob(f"versions/{version}.*/bin/python"))
    uv = attempt(["uv", "python", "find", "--no-project", version], Path.cwd())
    yield uv.stdout.strip()

"""Bake at the prompts of a pseudo-terminal, which Linux and macOS have."""

import os
import pty
import subprocess
from collections.abc import Iterable
from pathlib import Path

from dev.commands import COOKIECUTTER, outside_path
from dev.variants import TEMPLATE


def bake_in_terminal(*arguments: str, folder: Path, typed: Iterable[str]) -> None:
    """Bake in ``folder`` with cookiecutter's ``arguments``.

    Each line of ``typed`` answers one prompt. Raise AssertionError if the bake fails.
    """
    ours, theirs = pty.openpty()
    env = {"HOME": str(folder), "PATH": outside_path(), "TERM": "xterm-256color"}
    command = [*COOKIECUTTER, TEMPLATE, *arguments]
    process = subprocess.Popen(
        command, cwd=folder, env=env, stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    lines, printed = iter(typed), b""
    while chunk := read(ours):
        printed += chunk
        if printed.endswith(b"\x1b[0m: "):
            os.write(ours, next(lines).encode() + b"\n")
    os.close(ours)
    assert process.wait() == 0, printed.decode()


def read(terminal: int) -> bytes:
    """Return the next bytes of the output on ``terminal``, or none at its end."""
    try:
        return os.read(terminal, 4096)
    except OSError:  # On Linux: the other side is closed.
        return b""

"""Bake the default project into build, test it, serve it and request its page.

``make hello`` runs it. Its exit status is 0 if every step works.
"""

import os
import re
import shlex
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn

from dev.commands import Command, attempt, with_uv
from dev.projects import asked, bake_command
from dev.servers import serving
from dev.variants import TEMPLATE

TEST = ["uv", "run", "pytest", "--quiet"]
START = ["uv", "run", "flask", "run"]


def main() -> None:
    """Print the test results, the greeting and the next steps.

    Exit with the output of the first command that fails, and its name.
    """
    build = TEMPLATE / "build"
    folder = build / asked()["project_slug"]
    shutil.rmtree(folder, ignore_errors=True)
    # The next steps then name only commands that the user can type.
    own_path = {"PATH": os.environ.get("PATH", "")}
    next_steps = output_of(bake_command(build), TEMPLATE, own_path)
    print(output_of(TEST, folder).strip())
    try:
        with serving(START, folder) as server:
            print(f"GET {server.url}/ says: {greeting(server.get().text)}")
    except AssertionError as error:
        give_up(str(error), START, folder)
    print(next_steps, end="")
    if not shutil.which("uv"):
        here = with_uv(["uv", "run", "--directory", folder, *START[2:]])
        print(f"\nThe environment of the template contains uv:\n\n    {line(here)}")


def output_of(
    command: Command, folder: Path, env: Mapping[str, str] | None = None
) -> str:
    """Run ``command`` in ``folder`` and return its standard output, or give up."""
    result = attempt(command, folder, env=env)
    if result.returncode:
        give_up(result.stdout + result.stderr, command, folder)
    return result.stdout


def give_up(output: str, command: Command, folder: Path) -> NoReturn:
    """Exit with the ``output`` of ``command``, and a line that names the command."""
    sys.exit(f"{output.rstrip()}\n\nERROR: failed in {folder}: {line(command)}")


def line(command: Command) -> str:
    """Return ``command`` as a line for a shell."""
    return shlex.join(map(str, command))


def greeting(page: str) -> str:
    """Return the heading of an HTML ``page``, or all of it if it has none."""
    heading = re.search("<h1>(.*?)</h1>", page, re.DOTALL)
    return (heading[1] if heading else page).strip()


if __name__ == "__main__":
    main()

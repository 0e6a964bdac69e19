"""Bake the default project into build, test it, serve it and request its page.

``make hello`` runs it. Its exit status is 0 if every step works.
"""

import os
import re
import shlex
import shutil
import sys

from dev.commands import run, with_uv
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
    try:
        next_steps = run(bake_command(build), TEMPLATE, env=own_path)
        print(run(TEST, folder).strip())
        with serving(START, folder) as server:
            print(f"GET {server.url}/ says: {greeting(server.get().text)}")
    except AssertionError as error:
        sys.exit(str(error))
    print(next_steps, end="")
    if not shutil.which("uv"):
        here = with_uv(["uv", "run", "--directory", str(folder), *START[2:]])
        line = shlex.join(map(str, here))
        print(f"\nThe environment of the template contains uv:\n\n    {line}")


def greeting(page: str) -> str:
    """Return the heading of an HTML ``page``, or all of it if it has none."""
    heading = re.search("<h1>(.*?)</h1>", page, re.DOTALL)
    return (heading[1] if heading else page).strip()


if __name__ == "__main__":
    main()

"""Bake the default project into build/hello, test it, serve it and request its page.

``make hello`` runs it. Its exit status is 0 if every step works.
"""

import shutil

from dev.commands import run
from dev.projects import bake_command
from dev.servers import serving
from dev.variants import TEMPLATE


def main() -> None:
    """Print the test results, the greeting and the next steps."""
    build = TEMPLATE / "build"
    folder = build / "hello"
    shutil.rmtree(folder, ignore_errors=True)
    next_steps = run(bake_command(build), TEMPLATE)
    print(run(["uv", "run", "pytest", "--quiet"], folder).strip())
    with serving(["uv", "run", "flask", "run"], folder) as server:
        print(f"GET {server.url}/ says: {server.get().text}")
    print(next_steps, end="")


if __name__ == "__main__":
    main()

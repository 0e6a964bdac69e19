"""Bake the default project into build/hello, test it, serve it and fetch its page.

This is ``make hello``. The exit status is 0 if all of that worked.
"""

import shutil

from baking import COOKIECUTTER, TEMPLATE, run, serving


def main():
    """Print what the tests say, the greeting and the next steps."""
    build = TEMPLATE / "build"
    folder = build / "hello"
    shutil.rmtree(folder, ignore_errors=True)
    bake = ["--no-input", "--default-config", "--output-dir", build, TEMPLATE]
    next_steps = run([*COOKIECUTTER, *bake], TEMPLATE)
    print(run(["uv", "run", "pytest", "--quiet"], folder).strip())
    with serving(["uv", "run", "flask", "run"], folder) as server:
        print(f"GET {server.url}/ says: {server.get().text}")
    print(next_steps, end="")


if __name__ == "__main__":
    main()

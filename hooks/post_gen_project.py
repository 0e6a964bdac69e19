"""Remove the folders that the answers left empty, and say what to do next.

Cookiecutter renders this file and runs it in the project's folder after it has written
everything there: https://cookiecutter.readthedocs.io/en/stable/advanced/hooks.html
"""

import os

# Cookiecutter creates every folder of the template, also for files that have none here.
FOLDERS = [
    ".github/workflows",
    ".github",
    "kubernetes",
    "src/_/static",
    "src/_/templates",
    "src/_",
    "src",
]


def remove_empty_folders() -> None:
    """Remove those of FOLDERS that are empty from the current folder."""
    for folder in FOLDERS:
        try:
            os.rmdir(folder)
        except OSError:
            pass


def next_steps(answers: dict[str, str]) -> str:
    """Return what to type after baking, in at most five lines of ASCII."""
    slug = answers["project_slug"]
    folder = os.getcwd()
    if os.path.dirname(folder) == os.environ.get("PWD"):
        folder = slug
    if all(c.isascii() and (c.isalnum() or c in "/\\:._-~") for c in folder):
        go = f"Next:\n    cd {folder}"
    else:  # Shells differ in how to quote it.
        go = f"Next, in its folder {slug}:"
    return f"""\
The project is ready. {go}
    uv run flask run
Then open http://127.0.0.1:5000/ in a browser. README.md has the rest.
"""


def main(answers: dict[str, str]) -> None:
    """Leave no empty folder in the current one, and print the next steps."""
    # Cookiecutter would leave this rendered copy in the temporary folder.
    os.unlink(__file__)
    remove_empty_folders()
    # Cruft, which names no output folder, bakes in temporary folders to compare and update.
    if "_output_dir" in answers:
        try:
            print(next_steps(answers), end="", flush=True)
        except OSError:
            # A full or closed output is no reason to delete the project, which an exit
            # status would be: Python prints again when it ends.
            os._exit(0)


if __name__ == "__main__":
    # Rendered, this is a dict literal of all answers that are text.
    main({{"%r" | format(dict(cookiecutter.items() | selectattr("1", "string")))}})  # type: ignore

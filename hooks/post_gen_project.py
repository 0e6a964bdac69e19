"""Remove empty folders and print the next steps.

Cookiecutter renders this file and runs it in the project's folder after writing all
files: https://cookiecutter.readthedocs.io/en/stable/advanced/hooks.html
"""

import os

# Cookiecutter creates all folders of the template, even those that end up empty.
FOLDERS = [
    ".github/workflows",
    ".github",
    "kubernetes",
    "migrations/versions",
    "migrations",
    "src/{package}/static",
    "src/{package}/templates",
    "src/_/static",
    "src/_/templates",
    "src/_",
    "src",
]


def remove_empty_folders(package: str) -> None:
    """Remove the empty ones among FOLDERS from the current folder."""
    for folder in FOLDERS:
        try:
            os.rmdir(folder.format(package=package))
        except OSError:
            pass


def next_steps(answers: dict[str, str]) -> str:
    """Return the next steps, in ASCII, ending with a newline."""
    title, slug = answers["project_name"], answers["project_slug"]
    name = title if title.isascii() and len(title) <= 50 else "The project"
    folder = os.getcwd()
    if os.path.dirname(folder) == os.path.realpath(os.environ.get("PWD", "")):
        folder = slug
    where, steps = "", f"    cd {folder}\n"
    if not all(c.isascii() and (c.isalnum() or c in "/\\:._-~") for c in folder):
        # No quoting of this path works in every shell.
        where, steps = f", in its folder {slug}", ""
    last = "README.md explains how to start it without uv."
    uv = "uv.exe" if os.name == "nt" else "uv"
    path = os.environ.get("PATH", "").split(os.pathsep)
    if any(os.access(os.path.join(each, uv), os.X_OK) for each in path):
        steps += "    uv run flask run\n"
        last = "Then open http://127.0.0.1:5000/ in a browser. README.md explains the rest."
    start = f"{name} is ready. Next{where}:\n" if steps else f"{name} is ready{where}."
    return f"{start}\n{steps}\n{last}\nThe answers are in .flask-hello.json.\n"


def main(answers: dict[str, str]) -> None:
    """Remove empty folders, print the next steps, and delete this rendered hook.

    ``answers`` maps each question to its answer.
    """
    # Cookiecutter would leave this rendered copy in the temporary folder.
    os.unlink(__file__)
    remove_empty_folders(answers["module_name"])
    # Cruft, which sets no output folder, bakes into temporary folders.
    if "_output_dir" in answers:
        try:
            print(next_steps(answers), end="", flush=True)
        except OSError:
            # Cookiecutter deletes the project if a hook fails, and Python would fail again
            # when it flushes a full or closed output at exit.
            os._exit(0)


if __name__ == "__main__":
    # This renders as a dict literal of all text answers.
    main({{"%r" | format(dict(cookiecutter.items() | selectattr("1", "string")))}})  # type: ignore

"""Delete the files that the answers ruled out, and say what to do next.

Cookiecutter renders this file and runs it in the project's folder after it has written
everything there: https://cookiecutter.readthedocs.io/en/stable/advanced/hooks.html
"""

import os

CONTAINER = [".dockerignore", "Dockerfile", "compose.yaml"]
KUBERNETES = [
    "kubernetes/deployment.yaml",
    "kubernetes/horizontalpodautoscaler.yaml",
    "kubernetes/kustomization.yaml",
    "kubernetes/networkpolicy.yaml",
    "kubernetes/poddisruptionbudget.yaml",
    "kubernetes/service.yaml",
]
GITHUB = [".github/dependabot.yml", ".github/workflows/ci.yml"]
GITLAB = [".gitlab-ci.yml"]
RULED_OUT_BY = {
    ("layout", "module"): [
        "src/{module_name}/__init__.py",
        "src/{module_name}/request_log.py",
        "src/{module_name}/views.py",
        "src/{module_name}/static/icon.svg",
        "src/{module_name}/static/style.css",
        "src/{module_name}/templates/index.html",
        "tests/conftest.py",
        "tests/test_create_app.py",
        "tests/test_request_log.py",
        "tests/test_views.py",
    ],
    ("layout", "package"): [
        "{module_name}.py",
        "tests/test_{module_name}.py",
    ],
    ("deploy", "none"): CONTAINER + KUBERNETES,
    ("deploy", "container"): KUBERNETES,
    ("ci", "none"): GITHUB + GITLAB,
    ("ci", "github"): GITLAB,
    ("ci", "gitlab"): GITHUB,
    ("license", "none"): [
        "LICENSE",
    ],
}


def ruled_out(answers: dict[str, str]) -> list[str]:
    """Return the paths of the files that a project with ``answers`` does not have."""
    return [
        path.format(**answers)
        for (variable, answer), paths in RULED_OUT_BY.items()
        if answers[variable] == answer
        for path in paths
    ]


def delete(path: str) -> None:
    """Delete the file ``path``, and the folders that it leaves empty.

    A folder of that name is the user's and stays. Raise FileNotFoundError if there is
    neither: then RULED_OUT_BY is out of date.
    """
    if os.path.isdir(path):
        return
    os.remove(path)
    try:
        os.removedirs(os.path.dirname(path))
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


def main() -> None:
    """Leave what the answers want in the current folder, and print the next steps."""
    answers: dict[str, str]
    answers = {{"%r" | format(dict(cookiecutter.items() | selectattr("1", "string")))}}  # type: ignore[assignment, name-defined, operator]
    # Cookiecutter would leave this rendered copy in the temporary folder.
    os.unlink(__file__)
    for path in ruled_out(answers):
        delete(path)
    # Cruft, which names no output folder, bakes in temporary folders to compare and update.
    if "_output_dir" in answers:
        print(next_steps(answers), end="")


if __name__ == "__main__":
    main()

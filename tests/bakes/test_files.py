"""Each variant has exactly the files that it should have."""

import pytest

from dev.commands import run
from dev.variants import CHOICES, LAYOUTS

ALWAYS = {".flaskenv", ".gitignore", "README.md", "pyproject.toml"}
OF_LAYOUT = {
    "module": {"shop.py", "tests/test_shop.py"},
    "package": {
        "src/shop/__init__.py",
        "src/shop/request_log.py",
        "src/shop/static/icon.svg",
        "src/shop/static/style.css",
        "src/shop/templates/index.html",
        "src/shop/views.py",
        "tests/conftest.py",
        "tests/test_create_app.py",
        "tests/test_request_log.py",
        "tests/test_views.py",
    },
}
CONTAINER = {".dockerignore", "Dockerfile", "compose.yaml"}
OF_DEPLOY = {
    "none": set(),
    "container": CONTAINER,
    "kubernetes": CONTAINER
    | {
        "kubernetes/deployment.yaml",
        "kubernetes/horizontalpodautoscaler.yaml",
        "kubernetes/kustomization.yaml",
        "kubernetes/networkpolicy.yaml",
        "kubernetes/poddisruptionbudget.yaml",
        "kubernetes/service.yaml",
    },
}
OF_CI = {
    "none": set(),
    "github": {".github/dependabot.yml", ".github/workflows/ci.yml"},
    "gitlab": {".gitlab-ci.yml"},
}


def test_exactly_these_files(every_project):
    answers = every_project.answers
    files = ALWAYS | OF_LAYOUT[answers["layout"]]
    files |= OF_DEPLOY[answers["deploy"]] | OF_CI[answers["ci"]]
    if answers["license"] != "none":
        files |= {"LICENSE"}
    assert every_project.folder.name == answers["project_slug"]
    assert every_project.files() == {
        file.replace("shop", every_project.name) for file in files
    }


def test_no_folder_is_empty(every_project):
    assert all(any(folder.iterdir()) for folder in every_project.folders())


def test_files_are_known_for_every_choice():
    assert list(OF_LAYOUT) == LAYOUTS
    assert list(OF_DEPLOY) == CHOICES["deploy"]
    assert list(OF_CI) == CHOICES["ci"]


@pytest.mark.usefixtures("git")
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "module_name", ["build", "dist", "htmlcov", "instance", "env", "coverage", "venv_"]
)
def test_git_ignores_no_source_whatever_the_name(bake, tmp_path, layout, module_name):
    project = bake(module_name=module_name, layout=layout).copy(tmp_path / "project")
    files = project.files()
    run(["git", "init", "--quiet"], project.folder)
    tracked = run(["git", "ls-files", "--others", "--exclude-standard"], project.folder)
    assert set(tracked.split()) == files

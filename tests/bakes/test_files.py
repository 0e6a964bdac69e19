"""Every variant has exactly the expected files, with and without hooks."""

from pathlib import Path

import pytest
from cookiecutter.main import cookiecutter
from jinja2 import Environment, nodes

from dev.commands import run
from dev.projects import Project
from dev.variants import (
    CHOICES,
    COVERING,
    LAYOUTS,
    NAMES,
    QUESTIONS,
    TEMPLATE,
    VARIANTS,
    name_of,
)
from hooks.pre_gen_project import written

TEMPLATES = [
    path.relative_to(TEMPLATE).as_posix()
    for path in TEMPLATE.glob("*cookiecutter.project_slug*/**/*")
    if path.is_file()
]
ALWAYS = {".flaskenv", ".gitignore", "DEPLOY.md", "README.md", "pyproject.toml"}
OF_LAYOUT = {
    "module": {"shop.py", "tests/test_shop.py"},
    "package": {
        "src/shop/__init__.py",
        "src/shop/request_log.py",
        "src/shop/static/icon.svg",
        "src/shop/static/style.css",
        "src/shop/templates/base.html",
        "src/shop/templates/error.html",
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
    if answers["layout"] == "package" and answers["deploy"] != "none":
        files |= {"log.json"}
    if answers["license"] != "none":
        files |= {"LICENSE"}
    if answers["ci"] == "github" and answers["deploy"] != "none":
        files |= {".github/workflows/publish.yml"}
    assert every_project.folder.name == answers["project_slug"]
    assert every_project.files() == {
        file.replace("shop", every_project.name) for file in files
    }


def test_no_folder_is_empty(every_project):
    assert all(any(folder.iterdir()) for folder in every_project.folders())


@pytest.mark.parametrize(
    "variant",
    [
        pytest.param(
            each,
            marks=[pytest.mark.expensive] * (each not in COVERING),
            id=name_of(each),
        )
        for each in VARIANTS
    ],
)
def test_without_hooks_files_are_the_same_and_the_hook_knows_all_paths(
    bake, tmp_path, variant
):
    answers = {**NAMES["usual"], **variant}
    folder = cookiecutter(
        str(TEMPLATE),
        accept_hooks=False,
        default_config=True,
        extra_context=answers,
        no_input=True,
        output_dir=str(tmp_path),
    )
    project = Project(Path(folder))
    assert project.texts() == bake(**answers).texts()
    folders, files = written(answers)
    assert project.files() == set(files)
    assert {path.relative_to(folder).as_posix() for path in project.folders()} == {
        *folders
    }


def test_no_file_is_copied_without_being_rendered():
    # Cookiecutter copies such a file even with --skip-if-file-exists, and onto its folder
    # if a condition makes its name empty.
    assert "_copy_without_render" not in QUESTIONS


def test_template_can_be_checked_out_on_windows():
    for path in TEMPLATES:
        assert len(path) <= 180, (
            path
        )  # Of the 260 on Windows; the rest is for the clone's folder.
        assert not set('"*:<>?|') & set(path), path


@pytest.mark.parametrize("path", [path for path in TEMPLATES if "'" in path])
def test_inline_if_has_an_else_if_the_path_has_quotes(path):
    # Without an else, Jinja generates code that contains the path in quotes, unescaped.
    text = (TEMPLATE / path).read_text(encoding="utf-8")
    parsed = Environment(autoescape=True).parse(text)
    assert all(choice.expr2 for choice in parsed.find_all(nodes.CondExpr))


def test_every_choice_has_expected_files():
    assert list(OF_LAYOUT) == LAYOUTS
    assert list(OF_DEPLOY) == CHOICES["deploy"]
    assert list(OF_CI) == CHOICES["ci"]


@pytest.mark.usefixtures("git")
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "module_name", ["env", "coverage", "egg_info", "manifests", "venv_"]
)
def test_git_ignores_no_source_whatever_the_name(bake, tmp_path, layout, module_name):
    project = bake(module_name=module_name, layout=layout).copy(tmp_path / "project")
    files = project.files()
    run(["git", "init", "--quiet"], project.folder)
    tracked = run(["git", "ls-files", "--others", "--exclude-standard"], project.folder)
    assert set(tracked.split()) == files

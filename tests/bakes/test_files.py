"""Every variant has exactly the expected files, with and without hooks."""

import pytest
from jinja2 import Environment, nodes

from dev.commands import run
from dev.projects import bake_in_process
from dev.rules import written
from dev.variants import COVERING, LAYOUTS, NAMES, TEMPLATE, name_of

TEMPLATES = [
    path.relative_to(TEMPLATE).as_posix()
    for path in TEMPLATE.glob("*cookiecutter.project_slug*/**/*")
    if path.is_file()
]


def test_exactly_these_files(every_project):
    answers = every_project.answers
    _, files = written(answers)
    assert every_project.folder.name == answers["project_slug"]
    assert every_project.files() == {*files}
    assert len(files) == len({*files})


def test_no_folder_is_empty(every_project):
    assert all(any(folder.iterdir()) for folder in every_project.folders())


@pytest.mark.parametrize("variant", COVERING, ids=name_of)
def test_without_hooks_files_are_the_same_and_the_hook_knows_all_paths(
    bake, tmp_path, variant
):
    answers = {**NAMES["usual"], **variant}
    project = bake_in_process(tmp_path, answers, accept_hooks=False)
    assert project.texts() == bake(**answers).texts()
    folders, files = written(answers)
    assert project.files() == set(files)
    assert {
        path.relative_to(project.folder).as_posix() for path in project.folders()
    } == {*folders}


def test_template_can_be_checked_out_on_windows():
    for path in TEMPLATES:
        # Windows allows 260: the rest is for the clone's folder.
        assert len(path) <= 180, path
        assert not set('"*:<>?|') & set(path), path


@pytest.mark.parametrize("path", [path for path in TEMPLATES if "'" in path])
def test_inline_if_has_an_else_if_the_path_has_quotes(path):
    # Without an else, Jinja generates code that contains the path in quotes, unescaped.
    text = (TEMPLATE / path).read_text(encoding="utf-8")
    parsed = Environment(autoescape=True).parse(text)
    assert all(choice.expr2 for choice in parsed.find_all(nodes.CondExpr))


@pytest.mark.usefixtures("git")
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "module_name", ["env", "covered", "egg_info", "manifests", "venv_"]
)
def test_gitignore_never_matches_source(bake, tmp_path, layout, module_name):
    project = bake(module_name=module_name, layout=layout).copy(tmp_path / "project")
    files = project.files()
    run(["git", "init", "--quiet"], project.folder)
    tracked = run(["git", "ls-files", "--others", "--exclude-standard"], project.folder)
    assert set(tracked.split()) == files

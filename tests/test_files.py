"""Each variant has exactly the files that it should have."""

import shutil

import pytest
from baking import LAYOUTS, VARIANTS, name_of, run

ALWAYS = {".flaskenv", ".gitignore", "README.md", "pyproject.toml"}
OF_LAYOUT = {
    "module": {"shop.py", "tests/test_shop.py"},
    "package": {
        "src/shop/__init__.py",
        "src/shop/static/icon.svg",
        "src/shop/static/style.css",
        "src/shop/templates/index.html",
        "src/shop/views.py",
        "tests/conftest.py",
        "tests/test_create_app.py",
        "tests/test_views.py",
    },
}


@pytest.mark.parametrize("variant", VARIANTS, ids=name_of)
def test_exactly_these_files(bake, variant):
    project = bake(project_slug="my-shop", module_name="shop", **variant)
    files = ALWAYS | OF_LAYOUT[variant["layout"]]
    if variant["license"] != "none":
        files |= {"LICENSE"}
    assert project.folder.name == "my-shop"
    assert project.files() == files


@pytest.mark.parametrize("variant", VARIANTS, ids=name_of)
def test_no_folder_is_empty(bake, variant):
    assert all(any(folder.iterdir()) for folder in bake(**variant).folders())


def test_files_are_known_for_every_layout():
    assert list(OF_LAYOUT) == LAYOUTS


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "module_name", ["build", "dist", "htmlcov", "instance", "env", "coverage", "venv_"]
)
def test_git_ignores_no_source_whatever_the_name(
    bake, need, tmp_path, layout, module_name
):
    need(shutil.which("git"), "needs git: apt-get install git")
    project = bake(module_name=module_name, layout=layout).copy(tmp_path / "project")
    files = project.files()
    run(["git", "init", "--quiet"], project.folder)
    tracked = run(["git", "ls-files", "--others", "--exclude-standard"], project.folder)
    assert set(tracked.split()) == files

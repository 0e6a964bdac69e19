"""Fixtures for tests of bakes: a template with a tag, and bakes over a project."""

import pytest

from dev.commands import run
from dev.projects import Project, bake_in_process, commit_all, copy_template
from dev.variants import with_holder


@pytest.fixture
def tagged_template(git, home, tmp_path):
    """Return the URL of a repository of the template with an older tag ``first``."""
    template = Project(copy_template(tmp_path / "flask-hello.git"))
    for old, new in (("A hello-world", "The first"), ("The first", "The second")):
        template.change("cookiecutter.json", old, new)
        commit_all(template.folder)
        run(["git", "tag", new.split()[-1]], template.folder)
    return template.folder.as_uri()


@pytest.fixture(scope="session")
def bake_over():
    """Return a function that bakes over a folder and returns the Project.

    It accepts the folder, the answers, and whether to skip existing files.
    """

    def bake_over(folder, answers, skip=False):
        how = {"overwrite_if_exists": True, "skip_if_file_exists": skip}
        return bake_in_process(folder, with_holder(answers), **how)

    return bake_over

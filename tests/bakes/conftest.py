"""Fixtures for tests of bakes: a template with a tag."""

import pytest

from dev.commands import run
from dev.projects import Project, copy_template


@pytest.fixture
def tagged_template(git, home, tmp_path):
    """Return the URL of a repository of the template with an older tag ``first``."""
    template = Project(copy_template(tmp_path / "flask-hello.git"))
    for old, new in (("A hello-world", "The first"), ("The first", "The second")):
        template.change("cookiecutter.json", old, new)
        for command in ("init --quiet", "add .", "commit --quiet --message=Change"):
            run(["git", *command.split()], template.folder)
        run(["git", "tag", new.split()[-1]], template.folder)
    return template.folder.as_uri()

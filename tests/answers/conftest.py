"""Fixtures for tests of answers: an environment for every project, and rejections."""

import pytest

from dev.commands import COOKIECUTTER, attempt, run
from dev.variants import CHOICES


@pytest.fixture(scope="session")
def install_everything(bake):
    """Return a function that creates a virtual environment with what any project needs.

    It accepts a Python and the folder of the environment, and returns the folder.
    """

    def install_everything(python, folder, *more):
        run(["uv", "venv", "--quiet", "--python", python, folder], folder.parent)
        install = ["uv", "pip", "install", "--quiet", "--python", folder]
        for server in CHOICES["server"]:
            project = bake(server=server, layout="service", deploy="container").folder
            run([*install, "-r", "pyproject.toml", "--group", "dev", *more], project)
        return folder

    return install_everything


@pytest.fixture
def expect_rejection(home, tmp_path):
    """Return a function that runs ``cookiecutter`` in a folder with a user's files.

    It asserts exit status 1 and unchanged files, and returns the standard error.
    """
    folder = tmp_path / "folder"
    for path in ("y/keep", "z/keep", "folder/y/keep"):
        file = tmp_path / path
        file.parent.mkdir(parents=True)
        file.write_text("mine")
    temporary = tmp_path / "temporary"
    temporary.mkdir()

    def everything():
        return {
            path: path.is_file() and path.read_text()
            for path in tmp_path.rglob("*")
            if not path.is_relative_to(home)  # Cookiecutter saves answers there.
        }

    def expect_rejection(*arguments):
        before = everything()
        where = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(temporary))
        result = attempt([*COOKIECUTTER, *arguments], folder, env=where)
        assert result.returncode == 1
        assert everything() == before
        return result.stderr

    return expect_rejection

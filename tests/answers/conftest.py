"""Fixtures for tests of answers: an environment for every project."""

import pytest

from dev.commands import run
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

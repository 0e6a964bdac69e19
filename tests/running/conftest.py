"""Fixtures for tests of running projects: Podman, and projects in production."""

import shutil
from pathlib import Path

import pytest

from dev import containers
from dev.commands import LINUX
from dev.production import with_views


@pytest.fixture(scope="session")
def podman(require):
    """Return the function that runs ``podman``."""
    if not LINUX:
        pytest.skip("addresses in containers are reached from Linux only")
    require(shutil.which("podman"), "needs podman: apt-get install podman")
    return containers.podman


@pytest.fixture(scope="session")
def docker(podman):
    """Return a folder with a command ``docker`` that runs Podman."""
    return Path(__file__).parent / "bin"


@pytest.fixture(scope="session")
def production_project(bake, tmp_path_factory):
    """Return a function that returns an installed project with VIEWS."""
    projects = {}

    def production_project(server, layout, deploy):
        answers = {"server": server, "layout": layout, "deploy": deploy}
        key = tuple(answers.values())
        if key not in projects:
            folder = tmp_path_factory.mktemp("-".join(key)) / "my-shop"
            names = {"project_slug": "my-shop", "module_name": "shop"}
            projects[key] = with_views(bake(**names, **answers).copy(folder))
            projects[key].install()
        return projects[key]

    return production_project

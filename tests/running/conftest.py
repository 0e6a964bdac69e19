"""Fixtures for tests of running projects: Podman, and projects in production."""

import os
import shutil
from functools import cache
from pathlib import Path

import pytest

from dev import containers, postgresql
from dev.commands import LINUX, run
from dev.production import with_views
from dev.projects import Project, verbatim
from dev.variants import NAMES


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark all tests of this folder as slow: they install, serve or build."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker("slow")


@pytest.fixture(scope="session")
def podman(program):
    """Return the function that runs ``podman``."""
    if not LINUX:
        pytest.skip("addresses in containers are reached from Linux only")
    program("podman")
    return containers.podman


@pytest.fixture(scope="session")
def docker(podman):
    """Return a folder with a command ``docker`` that runs Podman."""
    return Path(__file__).parent / "bin"


@pytest.fixture(scope="session")
def database_server(require, tmp_path_factory):
    """Return a running PostgreSQL."""
    require(
        postgresql.FOLDERS and LINUX, "needs PostgreSQL: apt-get install postgresql"
    )
    with postgresql.running(tmp_path_factory.mktemp("postgresql")) as server:
        yield server


@pytest.fixture(scope="session")
def installed_project(bake, tmp_path_factory):
    """Return a function that returns an installed project, not to be changed."""

    @cache
    def installed_project(**answers):
        folder = tmp_path_factory.mktemp("installed") / "hello"
        project = bake(**answers).copy(folder)
        project.install()
        return project

    return installed_project


@pytest.fixture(scope="session")
def production_project(bake, tmp_path_factory):
    """Return a function that returns an installed project with VIEWS."""

    @cache
    def production_project(server, layout, deploy):
        answers = {"server": server, "layout": layout, "deploy": deploy}
        folder = tmp_path_factory.mktemp("-".join(answers.values())) / "my-shop"
        project = with_views(bake(**NAMES["usual"], **answers).copy(folder))
        project.install()
        return project

    return production_project


@pytest.fixture(scope="session")
def project_with_image(bake, podman):
    """Return a function that returns a deployed project with VIEWS, and its image.

    All processes of a run share the image, which is built once. The project is as awkward
    as possible: its texts, its modes, and files that the image must not contain. A module
    has a uv.lock, with an older Flask.
    """

    def project_with_image(server, layout):
        import fcntl  # Windows has no such module.

        folder = Path(os.environ["TMPDIR"], "images", f"{server}-{layout}", "my-shop")
        baked = bake(
            project_name=verbatim(containers.AWKWARD),
            project_slug="my-shop",
            module_name="shop",
            description=verbatim(containers.AWKWARD),
            layout=layout,
            server=server,
            deploy="kubernetes",
            license="MIT",
        )
        image = f"flask-hello-tests:{os.environ['PYTEST_RUN']}-{server}-{layout}"
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Its lock lets one process build; the run ends by removing the image that it names.
        with (folder.parent / "image").open("a+") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            file.seek(0)
            if file.read() != image:
                shutil.rmtree(folder, ignore_errors=True)  # Of a failed build.
                build_image(with_views(baked.copy(folder)), image)
                file.write(image)
        return Project(folder, baked.answers), image

    return project_with_image


def build_image(project, image):
    """Add files to ``project`` and build its image."""
    contents = {
        **dict.fromkeys(containers.APP_FILES, ""),
        **dict.fromkeys(containers.OTHER_FILES, containers.SECRET),
    }
    for path, content in contents.items():
        (project.folder / path).parent.mkdir(parents=True, exist_ok=True)
        (project.folder / path).write_text(content)
    if project.answers["layout"] == "module":
        run(["uv", "lock", "--quiet", "-P", "flask==3.1.0"], project.folder)
    for path in [project.folder, *project.folder.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)
    containers.build(project.folder, image)

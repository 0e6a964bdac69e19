"""A setting that is wrong stops the start of a package, with one line that says so."""

import pytest

from dev.commands import LINUX, attempt
from dev.production import production_command
from dev.servers import free_port
from dev.variants import CHOICES

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not LINUX, reason="Gunicorn's command is for Linux"),
]

WRONG = [
    "FLASK_LOG_FORMAT=xml",
    "FLASK_LOG_LEVEL=loud",
    "FLASK_MAX_CONTENT_LENGTH=1MB",
    "FLASK_PROXY_HOPS=-1",
    "FLASK_PROXY_HOPS=1.5",
    "FLASK_PROXY_HOPS=one",
    "FLASK_PROXY_HOPS=true",
    'FLASK_TRUSTED_HOSTS="a"',
    "FLASK_TRUSTED_HOSTS=['a']",
    "FLASK_TRUSTED_HOSTS=[1]",
    "FLASK_TRUSTED_HOSTS=[]",
]


@pytest.fixture(scope="module", params=CHOICES["server"])
def package(bake, tmp_path_factory, request):
    """Install a package for each server, and return it."""
    folder = tmp_path_factory.mktemp(request.param) / "my-shop"
    names = {"project_slug": "my-shop", "module_name": "shop", "server": request.param}
    project = bake(**names, layout="package", deploy="none").copy(folder)
    project.install()
    return project


def lines_about(ended, variable, value):
    """Return the different lines that name a variable, which must name its value."""
    said = (ended.stdout + ended.stderr).splitlines()
    # Gunicorn may end with a traceback of its own, but the app does not.
    assert not any("/shop/" in line for line in said)
    found = {line for line in said if variable in line}
    assert all(repr(value) in line for line in found)
    return found


@pytest.mark.parametrize("setting", WRONG)
def test_development_server_does_not_start(package, setting):
    variable, _, value = setting.partition("=")
    command = ["uv", "run", "flask", "run", "--port", str(free_port())]
    ended = attempt(command, package.folder, env={variable: value})
    assert ended.returncode != 0
    assert len(lines_about(ended, variable, value)) == 1


@pytest.mark.parametrize("workers", [1, 2])
def test_production_server_does_not_start(package, workers):
    command = production_command(package, free_port())
    command[command.index("--workers") + 1] = str(workers)
    ended = attempt(command, package.folder, env={"FLASK_PROXY_HOPS": "one"})
    assert ended.returncode != 0
    assert len(lines_about(ended, "FLASK_PROXY_HOPS", "one")) == 1

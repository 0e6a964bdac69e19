"""Systemd accepts the unit in DEPLOY.md, and its command serves."""

import re
import shlex
import shutil

import pytest

from dev.commands import LINUX, attempt, run
from dev.readmes import blocks
from dev.servers import GREETING, free_port, serving
from dev.variants import SERVERS_AND_LAYOUTS

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not LINUX, reason="systemd is for Linux"),
]
HIGHEST_EXPOSURE = 5.0


@pytest.fixture(scope="module", params=SERVERS_AND_LAYOUTS, ids="-".join)
def served_project(bake, request, tmp_path_factory):
    """Return a project of each server and layout, installed as DEPLOY.md says for systemd."""
    server, layout = request.param
    project = bake(server=server, layout=layout)
    project = project.copy(tmp_path_factory.mktemp("srv") / "hello")
    run(["uv", "lock", "--quiet"], project.folder)
    (install,) = blocks(project.read("DEPLOY.md"), "text")
    run(shlex.split(install), project.folder)
    return project


@pytest.fixture
def unit(served_project, tmp_path):
    """Return the unit file of the project, with the project's real folder."""
    (text,) = blocks(served_project.read("DEPLOY.md"), "ini")
    path = tmp_path / "hello.service"
    path.write_text(text.replace("/srv/hello", str(served_project.folder)))
    return path


def test_systemd_accepts_the_unit(unit, require):
    require(shutil.which("systemd-analyze"), "needs systemd: apt-get install systemd")
    verified = attempt(["systemd-analyze", "verify", unit], unit.parent)
    # A misspelt key only causes a warning, with exit status 0.
    assert (verified.returncode, verified.stdout, verified.stderr) == (0, "", "")


def test_service_has_few_privileges(unit, require):
    require(shutil.which("systemd-analyze"), "needs systemd: apt-get install systemd")
    command = ["systemd-analyze", "security", "--offline=true", "--no-pager", unit]
    said = run(command, unit.parent)
    (exposure,) = re.findall(r"Overall exposure level for \S+: ([\d.]+)", said)
    assert float(exposure) <= HIGHEST_EXPOSURE


def test_command_of_the_unit_serves(served_project, unit):
    unfolded = unit.read_text().replace("\\\n", "")
    (command,) = re.findall("^ExecStart=(.*)", unfolded, re.MULTILINE)
    port = free_port()
    words = [word.replace("8000", str(port)) for word in shlex.split(command)]
    assert "127.0.0.1" in command
    with serving(words, served_project.folder, port) as server:
        assert GREETING in server.get().text


def test_service_stops_with_all_its_processes(served_project):
    (text,) = blocks(served_project.read("DEPLOY.md"), "ini")
    settings = dict(
        line.split("=", 1) for line in text.splitlines() if re.match(r"\w+=", line)
    )
    # Granian's workers outlive their main process, unless systemd stops them.
    assert settings["KillMode"] in ("mixed", "control-group")
    assert settings["Restart"] == "always"
    timeout = int(re.findall(r"-timeout (\d+)", text)[0])
    assert int(settings["TimeoutStopSec"]) > timeout


def test_unit_is_named_after_the_project(bake):
    document = bake(project_slug="my-shop", module_name="shop").read("DEPLOY.md")
    assert "/etc/systemd/system/my-shop.service" in document
    assert "ExecStart=/srv/my-shop/.venv/bin/granian " in document

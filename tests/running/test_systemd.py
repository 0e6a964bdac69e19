"""Systemd accepts the unit in DEPLOY.md, and its command serves."""

import re
import shlex
import shutil

import pytest

from dev.commands import LINUX, attempt, run
from dev.projects import Project
from dev.readmes import blocks, in_bash
from dev.servers import GREETING, free_port, serving
from dev.variants import SERVERS_AND_LAYOUTS

pytestmark = pytest.mark.skipif(not LINUX, reason="systemd is for Linux")
HIGHEST_EXPOSURE = 5.0


@pytest.fixture(scope="module", params=SERVERS_AND_LAYOUTS, ids="-".join)
def served_project(bake, request, tmp_path_factory):
    """Return a project of each server and layout, copied and installed twice.

    The original, whose .venv was copied too, is gone.
    """
    server, layout = request.param
    folder = tmp_path_factory.mktemp("srv") / "hello"
    used = bake(server=server, layout=layout).copy(folder.parent / "used")
    used.install()
    (install,) = re.findall("`(uv venv .+?)`", used.read("DEPLOY.md"))
    shutil.copytree(used.folder, folder, symlinks=True)
    shutil.rmtree(used.folder)
    for _ in range(2):
        run(in_bash(install), folder)
    return Project(folder, used.answers)


@pytest.fixture
def unit(served_project, tmp_path):
    """Return the unit file of the project, with the project's real folder."""
    (text,) = blocks(served_project.read("DEPLOY.md"), "ini")
    path = tmp_path / "hello.service"
    path.write_text(text.replace("/srv/hello", str(served_project.folder)))
    return path


def test_systemd_accepts_the_unit(unit, program):
    program("systemd-analyze", "systemd")
    verified = attempt(["systemd-analyze", "verify", unit], unit.parent)
    # A misspelt key only causes a warning, with exit status 0.
    assert (verified.returncode, verified.stdout, verified.stderr) == (0, "", "")


def test_service_has_few_privileges(unit, program):
    program("systemd-analyze", "systemd")
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


def test_service_stops_and_starts_with_all_its_processes(served_project):
    (text,) = blocks(served_project.read("DEPLOY.md"), "ini")
    settings = dict(
        line.split("=", 1) for line in text.splitlines() if re.match(r"\w+=", line)
    )
    # Granian's workers outlive their main process, unless systemd stops them.
    assert settings["KillMode"] in ("mixed", "control-group")
    timeout = int(re.findall(r"(?:kill|graceful)-timeout (\d+)", text)[0])
    assert int(settings.get("TimeoutStopSec", 90)) > timeout
    assert settings["Restart"] == "always"
    assert float(settings["RestartSec"]) <= 1
    # Otherwise, systemd gives up after five starts in ten seconds.
    assert settings["StartLimitIntervalSec"] == "0"
    assert settings["EnvironmentFile"] == "-/etc/hello.env"
    if served_project.answers["layout"] != "module":
        assert '"]` in `/etc/hello.env`' in served_project.read("DEPLOY.md")
    assert int(settings["LimitNOFILE"]) > 8192


def test_unit_is_named_after_the_project(bake):
    document = bake(project_slug="my-shop", module_name="shop").read("DEPLOY.md")
    assert "/etc/systemd/system/my-shop.service" in document
    assert "ExecStart=/srv/my-shop/.venv/bin/granian " in document

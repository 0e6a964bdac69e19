"""In production, the app trusts no client except a configured proxy."""

import json
import re
import socket

import pytest

from dev.commands import LINUX, run, tool
from dev.production import serving_in_production, trusting_proxy
from dev.servers import GREETING, LONG
from dev.variants import CHOICES, SERVERS_AND_PAGES

pytestmark = pytest.mark.skipif(not LINUX, reason="Gunicorn's command is for Linux")
FORGED = {
    "X-Forwarded-For": "1.1.1.1",
    "X-Forwarded-Host": "evil.example",
    "X-Forwarded-Prefix": "/evil",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Protocol": "ssl",
    "X-Forwarded-Ssl": "on",
}


def facts(server, headers):
    """Return what the app sees of a request with ``headers``."""
    return json.loads(server.get("/seen", headers=headers).text)


@pytest.mark.parametrize("deploy", ["none", "container"])
@pytest.mark.parametrize(("server", "layout"), SERVERS_AND_PAGES)
def test_no_variable_of_a_platform_weakens_it(
    production_project, server, layout, deploy
):
    project = production_project(server, layout, deploy)
    # Some platforms set the first one, which makes Gunicorn trust every client.
    env = {"FORWARDED_ALLOW_IPS": "*", "FLASK_DEBUG": "1"}
    with serving_in_production(project, env=env) as served:
        seen = facts(served, FORGED)
        assert seen["address"] == "127.0.0.1"
        assert seen["url"].startswith(served.url)
        broken = served.get("/broken/x")
        assert broken.status == 500
        assert not re.search("(?i)traceback|on purpose|debugger|pin", broken.text)
        assert served.get("/console").status == 404
        debugger = "?__debugger__=yes&cmd=resource&f=debugger.js"
        assert served.get("/" + debugger).text == served.get().text


@pytest.mark.parametrize(
    ("server", "address"), [("granian", "2.2.2.2"), ("gunicorn", "1.1.1.1")]
)
def test_only_granian_needs_a_proxy_that_drops_underscores(
    production_project, server, address
):
    project = production_project(server, "package", "none")
    headers = {"X-Forwarded-For": "1.1.1.1", "X_Forwarded_For": "2.2.2.2"}
    with serving_in_production(project, env={"FLASK_PROXY_HOPS": "1"}) as served:
        assert facts(served, headers)["address"] == address
    assert ("with underscores" in project.read("DEPLOY.md")) == (server == "granian")


@pytest.mark.parametrize("header", ["SCRIPT_NAME", "Script-Name", "SCRIPT-NAME"])
@pytest.mark.parametrize("server", CHOICES["server"])
def test_no_client_chooses_the_root_of_the_app(production_project, server, header):
    project = production_project(server, "module", "none")
    with serving_in_production(project) as served:
        assert served.get("/seen").status == 200
        # A proxy that protects /seen does not protect /x/seen.
        assert served.get("/x/seen", headers={header: "/x"}).status == 404
        forged = {"PATH_INFO": "/seen", "Path-Info": "/seen"}
        assert served.get("/no-such-page", headers=forged).status == 404


def test_gunicorn_trusts_no_client_of_a_unix_socket(production_project, tmp_path):
    project = production_project("gunicorn", "module", "none")
    address = tmp_path / "socket"
    forged = b"GET /x/seen HTTP/1.1\r\nHost: localhost\r\nSCRIPT_NAME: /x\r\n\r\n"
    with (
        serving_in_production(project, f"--bind=unix:{address}"),
        socket.socket(socket.AF_UNIX) as client,
    ):
        client.settimeout(LONG)
        client.connect(str(address))
        client.sendall(forged)
        assert client.recv(100).startswith(b"HTTP/1.1 404 ")


@pytest.mark.parametrize("server", CHOICES["server"])
def test_module_trusts_a_proxy_as_documented(production_project, tmp_path, server):
    project = production_project(server, "module", "none").copy(tmp_path / "my-shop")
    trusting_proxy(project)
    project.install()
    option = re.findall("`(--access-log.*?)`", project.read("DEPLOY.md"))[0].split()
    with serving_in_production(project, *option) as served:
        forwarded = {"X-Forwarded-For": "1.1.1.1, 2.2.2.2"}
        seen = facts(served, {"X-Forwarded-Proto": "https", **forwarded})
        assert seen["address"] == "2.2.2.2"
        assert seen["url"].startswith("https://127.0.0.1:")
        served.wait_for(lambda _: "GET /seen " in served.log.read_text("utf-8"))
    # Granian logs the proxy's address, Gunicorn the one that the app sees.
    (line,) = re.findall(".*GET /seen.*", served.log.read_text(encoding="utf-8"))
    assert ("2.2.2.2" in line) == (server == "gunicorn")


def test_documented_beginning_of_a_module_is_clean(bake, tmp_path):
    project = bake(layout="module", ci="github").copy(tmp_path / "hello")
    trusting_proxy(project)
    run([tool("ruff"), "check", "--no-cache", "."], project.folder)
    run([tool("ruff"), "format", "--check", "--no-cache", "."], project.folder)


@pytest.mark.parametrize("name", [".env", ".flaskenv"])
@pytest.mark.parametrize("server", CHOICES["server"])
def test_no_file_sets_variables(production_project, tmp_path, server, name):
    project = production_project(server, "package", "none").copy(tmp_path / "my-shop")
    project.install()
    # Where it is read, the app does not start.
    (project.folder / name).write_text("FLASK_LOG_LEVEL=wrong\n", encoding="utf-8")
    with serving_in_production(project) as served:
        assert GREETING in served.get().text

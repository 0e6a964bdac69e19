"""Behind a real nginx with TLS, with the lines of DEPLOY.md, the app works as in the open."""

import json
import re
import socket
import ssl
import time
from contextlib import ExitStack, closing
from http.client import HTTPConnection, HTTPSConnection

import pytest

from dev.commands import LINUX
from dev.production import form_with_a_file, serving_in_production, trusting_proxy
from dev.projects import Project
from dev.readmes import blocks, section
from dev.servers import GREETING, LONG, nginx
from dev.variants import IN_CONTAINERS

pytestmark = pytest.mark.skipif(not LINUX, reason="Gunicorn's command is for Linux")
SITE = "https://hello.example.com"
VISITOR = "127.0.0.2"  # Not the address of nginx.


class Site:
    """The site behind nginx, which listens on ``port``, for a visitor at VISITOR."""

    def __init__(self, port, folder, server):
        """Trust the certificate in ``folder``; ``server`` is the Server behind nginx."""
        self.port, self.server = port, server
        self.context = ssl.create_default_context(cafile=folder / "certificate.pem")

    def connect(self):
        """Return an HTTPSConnection."""
        return HTTPSConnection(
            "127.0.0.1",
            self.port,
            context=self.context,
            timeout=LONG,
            source_address=(VISITOR, 0),
        )

    def get(self, path, method="GET", body=None, headers=None):
        """Send a request and return the response and its body."""
        with closing(self.connect()) as connection:
            host = {"Host": "hello.example.com"}
            connection.request(method, path, body, {**host, **(headers or {})})
            response = connection.getresponse()
            return response, response.read().decode()


@pytest.fixture(scope="session")
def needs_nginx(program):
    """Skip the test if nginx or openssl is missing."""
    program("nginx")
    program("openssl")


def lines_for(project, port):
    """Return the lines for nginx in DEPLOY.md, with ``port`` for 8000."""
    (lines,) = blocks(section(project.read("DEPLOY.md"), "Behind a proxy"), "nginx")
    assert len(lines.splitlines()) == 6
    return lines.replace(":8000", f":{port}")


@pytest.fixture(scope="module", params=IN_CONTAINERS, ids="-".join)
def site(needs_nginx, production_project, tmp_path_factory, request):
    """Return the Site of each server and layout, which trusts nginx as DEPLOY.md says."""
    folder = tmp_path_factory.mktemp("site")
    project = production_project(*request.param, "none").copy(folder / "my-shop")
    env = trusting_proxy(project)
    project.install()
    with ExitStack() as stack:
        server = stack.enter_context(serving_in_production(project, env=env))
        lines = lines_for(project, server.port)
        port = stack.enter_context(nginx(folder / "nginx", lines))
        yield Site(port, folder / "nginx", server)


def test_redirect_leads_to_the_site(site):
    response, _ = site.get("/folder")
    assert response.status == 308
    assert response.headers["Location"] == f"{SITE}/folder/"


def test_redirect_keeps_another_port(site, tmp_path):
    project = Project(site.server.log.parent)
    (name,) = re.findall(r"`(\$host:.+?)`", project.read("DEPLOY.md"))
    lines = lines_for(project, site.server.port).replace("$host", name)
    with nginx(tmp_path / "nginx", lines) as port:
        response, _ = Site(port, tmp_path / "nginx", site.server).get("/folder")
        assert response.headers["Location"] == f"{SITE}:{port}/folder/"


def test_app_knows_site_and_visitor(site):
    forged = {"X_Forwarded_For": "6.6.6.6", "X-Forwarded-For": "7.7.7.7"}
    forged |= {"X-Forwarded-Proto": "http", "X-Forwarded-Prefix": "/evil"}
    forged["X-Forwarded-Host"] = "evil.example"
    response, page = site.get("/seen", headers=forged)
    assert response.status == 200
    seen = json.loads(page)
    assert seen["address"] == VISITOR
    assert seen["url"] == f"{SITE}/static/x"


def test_name_in_capitals_is_the_site(site):
    response, page = site.get("/", headers={"Host": "HELLO.example.com"})
    assert (response.status, GREETING in page) == (200, True)


def test_upload_arrives_whole(site):
    headers, body = form_with_a_file(900_000)
    response, page = site.get("/upload", "POST", body, headers)
    assert (response.status, page) == (200, "900000")


def test_chunked_body_is_not_cut(site, tmp_path):
    project = Project(site.server.log.parent)
    lines = lines_for(project, site.server.port)
    lines = lines.replace("}", "client_max_body_size 9m;\n}")
    chunked = (bytes(65536) for _ in range(32))
    with nginx(tmp_path / "nginx", lines) as port:
        behind = Site(port, tmp_path / "nginx", site.server)
        response, page = behind.get("/echo", "POST", chunked)
    # As DEPLOY.md says, nginx may lose the answer to a body that it still sends.
    is_limited = "FLASK_MAX_CONTENT_LENGTH" in project.read("DEPLOY.md")
    assert response.status in ({413, 502} if is_limited else {200})
    assert is_limited or len(page) == 32 * 65536


def test_stream_arrives_in_parts(site):
    awaited = site.server.log.parent / "awaited"
    with closing(site.connect()) as connection:
        headers = {"Host": "hello.example.com"}
        connection.request("GET", f"/stream/{awaited.name}", headers=headers)
        response = connection.getresponse()
        assert response.read(5) == b"begin"
        awaited.touch()
        assert response.read() == b"end"


def test_slow_readers_do_not_block_others(site):
    with ExitStack() as stack:
        for _ in range(80):  # More than the threads of two workers.
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2304)
            client.connect(("127.0.0.1", site.port))
            client = site.context.wrap_socket(
                client, server_hostname="hello.example.com"
            )
            stack.enter_context(client)
            client.sendall(b"GET /large HTTP/1.1\r\nHost: hello.example.com\r\n\r\n")
        time.sleep(1)
        for _ in range(5):
            assert GREETING in site.get("/")[1]


@pytest.mark.parametrize(("server", "layout"), IN_CONTAINERS)
def test_app_works_under_a_path(
    needs_nginx, production_project, tmp_path, server, layout
):
    baked = production_project(server, layout, "container")
    project = baked.copy(tmp_path / "my-shop")
    text = section(project.read("DEPLOY.md"), "Behind a proxy").partition("under `")[2]
    path, option, _, *spans = re.findall("`(.+?)`", f"`{text}")
    location, target, prefix = (span for span in spans if " " in span)
    env = trusting_proxy(project)
    factory = project.folder / "src" / project.name / "__init__.py"
    file = project.view if layout == "module" else factory
    before, after = re.findall(r"(ProxyFix\(.+)(\))", file.read_text())[-1]
    project.change(file, before + after, f"{before}, {option}{after}")
    project.install()
    with serving_in_production(project, env=env) as served:
        lines = lines_for(project, 8000).replace("location /", location, 1)
        lines = re.sub("proxy_pass .*", target, lines).replace("}", f"{prefix}\n}}")
        lines = lines.replace(":8000", f":{served.port}")
        with nginx(tmp_path / "nginx", lines) as port:
            site = Site(port, tmp_path / "nginx", served)
            assert GREETING in site.get(f"{path}/")[1]
            redirect, _ = site.get(f"{path}/folder")
            assert redirect.headers["Location"] == f"{SITE}{path}/folder/"
            assert json.loads(site.get(f"{path}/seen")[1])["url"] == (
                f"{SITE}{path}/static/x"
            )
        assert served.get("/healthz").text == "OK"


UPSTREAM = """
upstream app {{
    server 127.0.0.1:{port};
    keepalive 4;
    keepalive_timeout {seconds}s;
}}
"""


# In seconds; the options of the production commands.
KEPT = {"granian": 60, "gunicorn": 75}


@pytest.mark.expensive(reason="it waits for minutes")
def test_idle_connections_stay_open_for_a_proxy(
    needs_nginx, production_project, tmp_path
):
    with ExitStack() as stack:
        clients, direct = [], {}
        for server in KEPT:
            project = production_project(server, "module", "none")
            served = stack.enter_context(serving_in_production(project))
            lines = lines_for(project, served.port)
            again = 'proxy_http_version 1.1;\nproxy_set_header Connection "";\n}'
            kept = re.sub("proxy_pass .*", "proxy_pass http://app;", lines)
            kept = kept.replace("}", again)
            upstream = UPSTREAM.format(port=served.port, seconds=50)
            for name, *how in (("usual", lines), ("kept", kept, upstream)):
                folder = tmp_path / f"{server}-{name}"
                port = stack.enter_context(nginx(folder, *how))
                clients.append(Site(port, folder, served).connect())
            direct[server] = HTTPConnection("127.0.0.1", served.port, timeout=LONG)
        for client in (*clients, *direct.values()):
            stack.enter_context(closing(client))
            client.request("GET", "/")
            client.getresponse().read()
        start = time.monotonic()
        for server, seconds in KEPT.items():
            # The server closes the connection.
            assert direct[server].sock.recv(1) == b""
            assert time.monotonic() - start > seconds - 5
            # By then, nginx has closed its own: it cannot send a POST again.
            for client in clients:
                client.request("POST", "/echo")
                response = client.getresponse()
                assert response.status == 200
                response.read()

"""A wrong setting stops a package at start-up, with one line that names it."""

import re
from contextlib import ExitStack

import pytest

from dev.commands import LINUX, attempt, run
from dev.production import ask, production_command, serving_in_production, status
from dev.servers import free_port
from dev.variants import CHOICES

pytestmark = pytest.mark.skipif(not LINUX, reason="Gunicorn's command is for Linux")

# The tests of a package try more.
WRONG = [
    "FLASK_PROXY_HOPS=1.5",
    "FLASK_PROXY_HOPS=one",
    'FLASK_TRUSTED_HOSTS="a"',
    "FLASK_TRUSTED_HOSTS=['a']",
    "FLASK_TRUSTED_HOSTS=[1]",
    'FLASK_TRUSTED_HOSTS=[""]',
    'FLASK_TRUSTED_HOSTS=["."]',
    'FLASK_TRUSTED_HOSTS=["example.com/"]',
    'FLASK_TRUSTED_HOSTS=[" example.com"]',
    'FLASK_TRUSTED_HOSTS=["example.com", "a_b"]',
    'FLASK_TRUSTED_HOSTS=["example..com"]',
    'FLASK_TRUSTED_HOSTS=["[::1]"]',
    f'FLASK_TRUSTED_HOSTS=["{"x" * 64}.com"]',
    "FLASK_SESSION_COOKIE_SECURE=no",
]


@pytest.fixture
def package(installed_project):
    """Return an installed package; the server changes nothing here."""
    return installed_project(layout="package")


# Values of every setting in DEPLOY.md, and the host of a request with them.
RIGHT = {
    "FLASK_SECRET_KEY=12345": "localhost",
    "FLASK_SECRET_KEY=null": "localhost",
    'FLASK_SECRET_KEY={"a": 1}': "localhost",
    "FLASK_SECRET_KEY=": "localhost",
    "FLASK_LOG_FORMAT=json": "localhost",
    "FLASK_LOG_LEVEL=CRITICAL": "localhost",
    "FLASK_MAX_CONTENT_LENGTH=0": "localhost",
    "FLASK_MAX_CONTENT_LENGTH=null": "localhost",
    "FLASK_PROXY_HOPS=99": "localhost",
    "FLASK_SESSION_COOKIE_SECURE=false": "localhost",
    'FLASK_TRUSTED_HOSTS=["example.com"]': "example.com",
    'FLASK_TRUSTED_HOSTS=["example.com:8000"]': "example.com:8000",
    'FLASK_TRUSTED_HOSTS=[".example.com"]': "a.b.example.com",
    'FLASK_TRUSTED_HOSTS=["x", ".example.com"]': "example.com",
    'FLASK_TRUSTED_HOSTS=["10.0.0.7", "xn--bcher-kva.example"]': "10.0.0.7",
}
SERVED = """
import os, sys
from flask import session
from hello import create_app

for setting, host in eval(sys.argv[1]).items():
    name, _, value = setting.partition("=")
    os.environ[name] = value
    app = create_app()
    app.add_url_rule("/visit", view_func=lambda: session.update(a=1) or "")
    for path in ("/", "/visit")[: 1 + bool(app.secret_key)]:
        answer = app.test_client().get(path, headers={"Host": host})
        assert answer.status_code == 200, (setting, path)
    del os.environ[name]
"""


def test_every_accepted_value_serves_pages(package):
    run([package.scripts / "python", "-c", SERVED, repr(RIGHT)], package.folder)
    rows = "".join(re.findall(r"^\|.*", package.read("DEPLOY.md"), re.MULTILINE))
    named = set(re.findall(r"`(FLASK_\w+)`", rows))
    assert {setting.partition("=")[0] for setting in RIGHT} == named


@pytest.mark.parametrize(
    "config", [{"SECRET_KEY": 12345}, {"PROXY_HOPS": "x"}, {"TRUSTED_HOSTS": {"a"}}]
)
def test_wrong_value_in_code_is_shown_unless_it_is_secret(package, config):
    code = f"from hello import create_app; create_app({config!r})"
    env = {f"FLASK_{name}": "1" for name in config}
    ended = attempt([package.scripts / "python", "-c", code], package.folder, env=env)
    assert ended.returncode == 4
    ((name, value),) = config.items()
    assert ended.stderr.startswith(f"{name}=")
    assert (str(value) in ended.stderr) == (name != "SECRET_KEY")


# Values that a shell, an editor or a pipeline may have set.
OF_THE_MACHINE = {
    "FLASK_APPLICATION_ROOT": "/shop",
    "FLASK_DEBUG": "1",
    "FLASK_LOG_FORMAT": "json",
    "FLASK_LOG_LEVEL": "loud",
    "FLASK_MAX_CONTENT_LENGTH": "1MB",
    "FLASK_PROXY_HOPS": "2",
    "FLASK_SECRET_KEY": "5",
    "FLASK_SERVER_NAME": "example.com",
    "FLASK_SESSION_COOKIE_SECURE": "false",
    "FLASK_TRUSTED_HOSTS": '["example.com"]',
}


def test_project_tests_pass_regardless_of_the_machine(package):
    run(["uv", "run", "pytest"], package.folder, env=OF_THE_MACHINE)


REJECTED = """
import os, sys
from hello import create_app

for setting in eval(sys.argv[1]):
    name, _, os.environ[name] = setting.partition("=")
    try:
        create_app()
    except SystemExit as end:
        assert end.code == 4
    del os.environ[name]
"""


def test_every_wrong_setting_stops_the_app_with_a_line(package):
    code = [package.scripts / "python", "-c", REJECTED, repr(WRONG)]
    ended = attempt(code, package.folder)
    assert (ended.returncode, ended.stdout) == (0, "")
    for setting, line in zip(WRONG, ended.stderr.splitlines(), strict=True):
        name, _, value = setting.partition("=")
        assert line.startswith(f"{name}={value!r}: ")


@pytest.mark.parametrize("workers", [0, 1, 2])
@pytest.mark.parametrize("server", CHOICES["server"])
def test_wrong_setting_stops_the_server(production_project, server, workers):
    project = production_project(server, "package", "none")
    command = production_command(project, free_port())
    command[command.index("--workers") + 1] = str(workers)
    if not workers:
        command = ["uv", "run", "flask", "run", "--port", str(free_port())]
    ended = attempt(command, project.folder, env={"FLASK_PROXY_HOPS": "one"})
    assert ended.returncode != 0
    said = (ended.stdout + ended.stderr).splitlines()
    # Gunicorn can print its own traceback, but none from the app.
    assert not any("/shop/" in line for line in said)
    (line,) = {line for line in said if "FLASK_PROXY_HOPS" in line}
    assert "'one'" in line


@pytest.fixture(params=CHOICES["server"])
def deployed_package(production_project, request):
    """Return a package for deployment, for each server."""
    return production_project(request.param, "package", "container")


def test_oversized_body_is_rejected_before_it_is_sent(deployed_package):
    with serving_in_production(deployed_package) as server, ExitStack() as stack:
        limit = 1024 * 1024
        assert server.get("/echo", "POST", b"x" * limit).status == 200
        length = f"POST /echo HTTP/1.1\r\nContent-Length: {limit + 1}"
        assert status(ask(stack, server.port, length)) == 413
        assert server.get("/echo", "POST", b"x").text == "x"
    lower = {"FLASK_MAX_CONTENT_LENGTH": "2"}
    with serving_in_production(deployed_package, env=lower) as server:
        assert server.get("/echo", "POST", b"xxx").status == 413
        # As DEPLOY.md says, Werkzeug cuts a body whose length it does not know.
        chunked = {"Transfer-Encoding": "chunked"}
        assert server.get("/echo", "POST", b"xxx", chunked).text == "xx"


def test_other_hosts_are_rejected(deployed_package):
    document = deployed_package.read("DEPLOY.md")
    (value,) = re.findall("`FLASK_TRUSTED_HOSTS=(.*?)`", document)
    env = {"FLASK_TRUSTED_HOSTS": value}
    with serving_in_production(deployed_package, env=env) as server:
        assert server.get("/", headers={"Host": "example.com"}).status == 200
        assert server.get("/", headers={"Host": "evil.example"}).status == 400
        assert server.get("/healthz", headers={"Host": "10.0.0.7:8000"}).status == 200

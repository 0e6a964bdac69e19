"""The image of a project is small, has the rights that it needs, and stops well."""

import json
import os
import re
import shutil
import ssl
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest
import yaml
from pip._internal.models.index import PyPI

from dev.commands import outside_path, run
from dev.containers import (
    APP_FILES,
    AWKWARD,
    NO_RIGHTS,
    allow_less,
    build,
    first_page,
    rights,
    running_container,
)
from dev.production import QUEUED_REQUESTS, SLOW_REQUESTS, statuses_around
from dev.projects import bake_command, copy_template
from dev.readmes import blocks, follow
from dev.servers import GREETING, LONG, free_port
from dev.values import BASE_IMAGE
from dev.variants import DIAGONAL, LAYOUTS, SERVERS_AND_PAGES

pytestmark = pytest.mark.slow

SECRETS = ".env", ".git/config", "secret.txt"


@pytest.fixture
def tag(podman):
    """Return a name for an image, which is removed after the test."""
    name = f"flask-hello-tests:{os.getpid()}-{free_port()}"
    yield name
    podman("rmi", "--force", "--ignore", name)


@pytest.fixture(
    params=[
        pytest.param(each, marks=[pytest.mark.expensive] * (each not in DIAGONAL))
        for each in SERVERS_AND_PAGES
    ],
    ids="-".join,
)
def project_and_image(project_with_image, request):
    """Return a project with VIEWS for each combination, and its image."""
    return project_with_image(*request.param)


@pytest.fixture
def image(project_and_image):
    """Return the image of each combination."""
    _, image = project_and_image
    return image


@pytest.fixture
def container(image, tmp_path):
    """Run the image with the least rights and give its server and its name."""
    with running_container(image, tmp_path) as server_and_name:
        yield server_and_name


def test_is_ready_and_healthy_with_the_least_rights(container, podman):
    server, name = container
    assert GREETING in server.get().text
    podman("healthcheck", "run", name)
    assert rights(name) == NO_RIGHTS


def test_is_unhealthy_when_it_does_not_answer(container, podman):
    _, name = container
    freeze = (
        "import os, signal;"
        "[os.kill(int(process), signal.SIGSTOP) for process in os.listdir('/proc')"
        " if process.isdigit() and int(process) not in (1, os.getpid())]"
    )
    podman("healthcheck", "run", name)
    podman("exec", name, "python", "-c", freeze)
    with pytest.raises(AssertionError):
        podman("healthcheck", "run", name)
    assert podman("exec", name, "echo", "running") == "running"


def test_stop_answers_what_was_asked(container, podman):
    server, name = container
    # Podman would kill what does not stop by itself, and its status would be 137.
    stop = threading.Thread(target=podman, args=("stop", f"--time={LONG}", name))
    statuses = statuses_around(server.port, stop.start)
    assert statuses == [200] * (SLOW_REQUESTS + QUEUED_REQUESTS)
    assert server.process.wait(timeout=LONG) == 0
    stop.join()


def test_image_is_small(image, podman):
    size = "{{.Size}}"
    ours, base = (
        int(podman("image", "inspect", "--format", size, name))
        for name in (image, BASE_IMAGE)
    )
    assert ours - base <= 40_000_000


LOOK = """
import importlib.util, json, shutil
from pathlib import Path
app = Path("/app")
sources = [path for path in app.rglob("*.py") if path.parent.name != "bin"]
compiled = {path: Path(importlib.util.cache_from_source(path)) for path in sources}
# PEP 552: 1 says that the bytecode is used whatever the date of the source.
flags = {path: pyc.exists() and pyc.read_bytes()[4] for path, pyc in compiled.items()}
print(json.dumps({
    "sources": len(sources),
    "not compiled": [str(path) for path, flag in flags.items() if flag != 1],
    "not of root": [str(path) for path in app.rglob("*") if path.lstat().st_uid],
    "tools": [
        *filter(shutil.which, ("uv", "gcc", "make", "pip", "pip3")),
        *map(str, Path("/usr/local/lib").glob("python3*/*-packages/pip*")),
    ],
    "imports": [
        name
        for name in ("pip", "uv", "pytest", "flit_core")
        if importlib.util.find_spec(name)
    ],
}))
"""


def test_image_has_the_app_compiled_and_no_tools(image, podman):
    found = json.loads(podman("run", "--rm", image, "python", "-c", LOOK))
    assert found.pop("sources") > 100
    assert found == {"not compiled": [], "not of root": [], "tools": [], "imports": []}


@pytest.mark.expensive
def test_build_sees_no_files_but_those_it_needs(bake, podman, tag, tmp_path):
    answers = {"layout": "package", "deploy": "container", "license": "MIT"}
    project = bake(**answers).copy(tmp_path / "hello")
    for path in (*SECRETS, "src/hello/.env", "src/hello/__pycache__/x.pyc"):
        (project.folder / path).parent.mkdir(exist_ok=True)
        (project.folder / path).write_text("secret")
    build(project.folder, tag, "--target=build")
    found = podman("run", "--rm", tag, "find", ".", "-type", "f").split()
    source = {f"./{path}" for path in project.files() if path.startswith("src")}
    source -= {"./src/hello/.env", "./src/hello/__pycache__/x.pyc"}
    metadata = {"./LICENSE", "./README.md", "./log.json", "./pyproject.toml"}
    metadata |= {"./uv.lock"}
    assert set(found) == source | metadata


def test_image_has_the_whole_app_and_nothing_else(project_and_image, podman):
    project, image = project_and_image
    look = "find -type f -not -path ./.venv/* -not -name *.pyc".split()
    found = set(podman("run", "--rm", image, *look).split())
    if project.answers["layout"] == "package":
        assert found == {"./log.json"}
    else:
        assert found == {"./shop.py", *(f"./{path}" for path in APP_FILES)}


def test_image_listens_on_the_port_of_the_platform(image, podman, tmp_path):
    with running_container(image, tmp_path, port_inside=10080) as (server, name):
        assert GREETING in server.get().text
        podman("healthcheck", "run", name)


def form_with_a_file(size):
    """Return the headers and the body of a form with a file of so many bytes."""
    part = b'Content-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    body = b"--limit\r\n" + part + b"x" * size + b"\r\n--limit--\r\n"
    return {"Content-Type": "multipart/form-data; boundary=limit"}, body


def test_upload_fits_on_a_disk_that_is_read_only(image, bake, tmp_path):
    compose = yaml.safe_load(bake(deploy="container").read("compose.yaml"))
    tmpfs = [f"--tmpfs={mount}" for mount in compose["services"]["web"]["tmpfs"]]
    headers, body = form_with_a_file(700_000)
    with running_container(image, tmp_path, *tmpfs) as (server, _):
        uploaded = server.get("/upload", "POST", body, headers)
        assert (uploaded.status, uploaded.text) == (200, "700000")


class Index(SimpleHTTPRequestHandler):
    """The package index of a company, which redirects to the public one."""

    asked: ClassVar[set[str]] = set()

    def do_GET(self):
        """Redirect a request for the page of a distribution."""
        self.asked.add(self.path.strip("/").rpartition("/")[2])
        self.send_response(302)
        self.send_header(
            "Location", f"{PyPI.simple_url}/{self.path.rpartition('simple/')[2]}"
        )
        self.end_headers()

    def log_message(self, *_):
        """Write nothing."""


@pytest.fixture
def company_index(tmp_path, require):
    """Serve an index by HTTPS with a certificate of its own; give its address and the CA's."""
    require(shutil.which("openssl"), "needs openssl: apt-get install openssl")
    create = "openssl req -x509 -newkey rsa:2048 -nodes -days 2".split()
    authority = ["-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Company"]
    run([*create, *authority], tmp_path)
    own = ["-keyout", "key.pem", "-out", "certificate.pem", "-subj", "/CN=localhost"]
    signed = ["-CA", "ca.pem", "-CAkey", "ca.key"]
    names = ["-addext", "subjectAltName=DNS:localhost"]
    leaf = ["-addext", "basicConstraints=critical,CA:FALSE"]
    run([*create, *own, *signed, *names, *leaf], tmp_path)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key.pem")
    with ThreadingHTTPServer(("127.0.0.1", 0), Index) as server:
        server.socket = context.wrap_socket(server.socket, server_side=True)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        address = f"https://localhost:{server.server_port}/simple/"
        yield address, (tmp_path / "ca.pem").read_text()
        server.shutdown()
        thread.join()


@pytest.mark.expensive
def test_build_can_use_the_index_and_certificates_of_a_company(
    bake, podman, tag, tmp_path, company_index
):
    address, certificate = company_index
    project = bake(layout="package", deploy="container").copy(tmp_path / "hello")
    index = f"--build-arg=INDEX={address}"
    assert build(project.folder, tag, index).returncode != 0
    given = build(project.folder, tag, index, f"--build-arg=CERTIFICATES={certificate}")
    assert given.returncode == 0, given.stdout + given.stderr
    assert {"uv", "flask", "flit-core"} <= Index.asked
    history = podman("history", "--no-trunc", tag)
    assert address not in history
    assert "BEGIN CERTIFICATE" not in history


@pytest.fixture
def umask():
    """Create files that only their owner may read."""
    before = os.umask(0o077)
    yield
    os.umask(before)


@pytest.mark.expensive
@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.usefixtures("git", "home", "umask")
def test_image_of_a_checkout_that_only_its_owner_may_read_runs(
    podman, tag, tmp_path, layout
):
    source = copy_template(tmp_path / "source")
    for command in ("init --quiet", "add .", "commit --quiet --message=Add"):
        run(["git", *command.split()], source)
    run(["git", "clone", "--quiet", source, "template"], tmp_path)
    template = tmp_path / "template"
    answers = {"layout": layout, "deploy": "container"}
    run(bake_command(tmp_path, answers, template), tmp_path)
    built = build(tmp_path / "hello", tag)
    assert built.returncode == 0, built.stdout + built.stderr
    with running_container(tag, tmp_path) as (server, name):
        assert GREETING in server.get().text
        assert rights(name) == NO_RIGHTS


def test_labels_are_what_was_answered(image, podman):
    labels = json.loads(
        podman("image", "inspect", "--format", "{{json .Labels}}", image)
    )
    prefix = "org.opencontainers.image."
    assert labels[f"{prefix}title"] == AWKWARD
    assert labels[f"{prefix}description"] == AWKWARD
    assert labels[f"{prefix}licenses"] == "MIT"


def test_image_has_the_locked_versions(project_and_image, podman):
    project, image = project_and_image
    look = (
        "from importlib.metadata import distributions;"
        "print(*(f'{d.name}=={d.version}' for d in distributions()))"
    )
    installed = podman("run", "--rm", image, "python", "-I", "-c", look).lower().split()
    if not (project.folder / "uv.lock").exists():
        assert "flask==3.1.0" not in installed
        return
    export = ["uv", "export", "--quiet", "--no-dev", "--no-hashes", "--no-emit-project"]
    exported = run(export, project.folder)
    required = set(re.findall(r"^([\w.-]+==\S+)(?! ;)", exported, re.MULTILINE))
    own = {"my-shop==0.1.0"} if project.answers["layout"] == "package" else set()
    windows_only = {each for each in required if each.startswith("colorama==")}
    assert set(installed) == required - windows_only | own
    assert "flask==3.1.0" in installed


@pytest.mark.parametrize(
    "layout", ["module", pytest.param("package", marks=pytest.mark.expensive)]
)
def test_stale_lock_is_an_error(bake, podman, tag, tmp_path, layout):
    project = bake(layout=layout, deploy="container").copy(tmp_path / "hello")
    run(["uv", "lock", "--quiet", "-P", "flask==3.1.0"], project.folder)
    project.change("pyproject.toml", '"flask>=3.1,<4"', '"flask>=3.1.1,<4"')
    built = build(project.folder, tag)
    assert built.returncode != 0
    assert "uv.lock` needs to be updated" in built.stdout + built.stderr


@pytest.mark.parametrize(
    ("server", "layout"),
    [
        ("granian", "package"),
        pytest.param("granian", "module", marks=pytest.mark.expensive),
        pytest.param("gunicorn", "module", marks=pytest.mark.expensive),
        pytest.param("gunicorn", "package", marks=pytest.mark.expensive),
    ],
)
def test_compose_runs_it_with_the_least_rights(
    bake, docker, podman, tmp_path, server, layout
):
    slug = f"compose-{server}-{layout}"
    answers = {"project_slug": slug, "server": server, "layout": layout}
    project = bake(deploy="container", **answers).copy(tmp_path / slug)
    allow_less(project)
    (project.folder / ".env").write_text("FLASK_COLOR=blue\nPORT=1\n")
    port = free_port()
    up, logs_and_down = blocks(project.read("DEPLOY.md"))[1:3]
    logs, down = logs_and_down.splitlines()
    variables = {"PATH": outside_path(docker), "PORT": str(port)}
    try:
        follow(up, project.folder, env=variables)
        assert GREETING in first_page(f"http://127.0.0.1:{port}/")
        container = f"{slug}_web_1"
        assert rights(container) == NO_RIGHTS
        assert podman("exec", container, "printenv", "FLASK_COLOR") == "blue"
        follow(logs, project.folder, env=variables)
        processes = podman("top", container, "pid").splitlines()[1:]
        assert len(processes) >= 3, "two workers and the process that started them"
    finally:
        follow(down, project.folder, env=variables)
        podman("rmi", "--force", "--ignore", f"localhost/{slug}")
    assert container not in podman("ps", "--all", "--format={{.Names}}").split()

"""The image of a project is small, has the rights that it needs, and stops well."""

import json
import os
import re
import shlex
import shutil
import ssl
import sys
import threading

import pytest
import yaml
from pip._internal.models.index import PyPI
from pytest_httpserver import HTTPServer
from werkzeug import Response
from werkzeug.utils import redirect

from dev.commands import outside_path, run
from dev.containers import (
    APP_FILES,
    AWKWARD,
    DOTENV,
    LEAST_RIGHTS,
    NO_RIGHTS,
    OTHER_FILES,
    SECRET,
    VARIABLES,
    build,
    found_in,
    rights,
    running_container,
)
from dev.production import (
    QUEUED_REQUESTS,
    SLOW_REQUESTS,
    form_with_a_file,
    statuses_around,
)
from dev.readmes import blocks, follow
from dev.servers import GREETING, LONG, fetch, first_page, free_port, greet
from dev.values import BASE_IMAGE
from dev.variants import DIAGONAL, IN_CONTAINERS, TEMPLATE

OF_SERVICE = pytest.mark.expensive(reason="Compose runs a service in make test")


@pytest.fixture
def tag(podman):
    """Return a name for an image, which is removed after the test."""
    name = f"flask-hello-tests:{os.getpid()}-{free_port()}"
    yield name
    podman("rmi", "--force", "--ignore", name)


@pytest.fixture(
    params=[
        pytest.param(each, marks=[OF_SERVICE] * (each not in DIAGONAL))
        for each in IN_CONTAINERS
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


FREEZE = (
    "import os, signal;"
    "[os.kill(int(process), signal.SIGSTOP) for process in os.listdir('/proc')"
    " if process.isdigit() and int(process) not in (1, os.getpid())]"
)


def test_is_healthy_with_the_least_rights_until_it_does_not_answer(container, podman):
    server, name = container
    assert GREETING in server.get().text
    podman("healthcheck", "run", name)
    assert rights(name) == NO_RIGHTS
    podman("exec", name, "python", "-c", FREEZE)
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


def test_image_is_small(project_and_image, podman):
    project, image = project_and_image
    inspect = ["image", "inspect", "--format", "{{.Size}}", image, BASE_IMAGE]
    ours, base = map(int, podman(*inspect).split())
    # Half of a service is SQLAlchemy, and the PostgreSQL client that psycopg brings.
    limit = 90_000_000 if project.answers["layout"] == "service" else 40_000_000
    assert ours - base <= limit


LOOK = """
import importlib.util, json, shutil
from pathlib import Path
app = Path("/app")
# Commands are not imported, and each migration is read once.
sources = [path for path in app.rglob("*.py") if not {"bin", "migrations"} & {*path.parts}]
compiled = {path: Path(importlib.util.cache_from_source(path)) for path in sources}
# PEP 552: with 1, the bytecode is used regardless of the date of the source.
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


def test_image_has_the_whole_app_and_nothing_else(project_and_image, podman):
    project, image = project_and_image
    look = "find -type f -not -path ./.venv/* -not -name *.pyc".split()
    found = set(podman("run", "--rm", image, *look).split())
    if project.answers["layout"] == "module":
        assert found == {"./shop.py", *(f"./{path}" for path in APP_FILES)}
    elif project.answers["layout"] == "package":
        assert found == {"./log.json"}
    else:
        migrations = {f"./{p}" for p in project.files() if p.startswith("migrations/")}
        migrations -= {f"./{path}" for path in OTHER_FILES}
        assert found == {"./log.json", "./pyproject.toml", *migrations}


def test_secrets_of_the_user_are_in_no_layer(image):
    assert found_in(image, SECRET, "/healthz") == {"/healthz"}


def test_platform_chooses_the_port_the_user_and_ipv6(image, podman, tmp_path):
    options = ["--env=HOST=::", "--user=1000680000:0"]
    running = running_container(image, tmp_path, *options, port_inside=10080)
    with running as (server, name):
        assert GREETING in server.get().text, "by IPv4, too"
        podman("healthcheck", "run", name)
        assert rights(name) == {**NO_RIGHTS, "user": 1000680000, "group": 0}


@pytest.fixture
def only_ipv6(program, require):
    """Create a network without IPv4; return its name and the only address there."""
    program("ip", "iproute2")
    require(os.geteuid() == 0, "needs root, who can create a network")
    name, address = f"flask-hello-{free_port()}", "fd00::5"
    inside = ["ip", "-n", name]
    run(["ip", "netns", "add", name], "/")
    run([*inside, "link", "set", "lo", "up"], "/")
    run([*inside, "address", "flush", "dev", "lo"], "/")
    for each in ("::1/128", f"{address}/128"):
        run([*inside, "address", "add", each, "dev", "lo", "nodad"], "/")
    yield name, address
    run(["ip", "netns", "delete", name], "/")


ASK = "import sys; from dev.servers import first_page; print(first_page(sys.argv[1]))"


def test_image_serves_a_network_with_only_ipv6(image, podman, only_ipv6):
    network, address = only_ipv6
    name = f"{network}-web"
    options = ["--env=HOST=::", "--env=GRANIAN_METRICS_ADDRESS=::"]
    options.append("--env=GRANIAN_METRICS_ENABLED=true")
    namespace = f"--network=ns:/run/netns/{network}"
    inside = ["ip", "netns", "exec", network, sys.executable, "-c", ASK]
    try:
        podman("run", "--detach", "--name", name, namespace, *options, image)
        page = run([*inside, f"http://[{address}]:8000/"], TEMPLATE)
        assert GREETING in page
        podman("healthcheck", "run", name)
        if "granian" in image:
            metrics = run([*inside, f"http://[{address}]:9090/metrics"], TEMPLATE)
            assert "granian_" in metrics
    finally:
        podman("rm", "--force", "--time=0", "--ignore", name)


@pytest.mark.expensive(reason="in make test, Compose migrates and runs a service")
def test_image_of_a_service_needs_one_folder(project_with_image, podman, tmp_path):
    _, image = project_with_image("granian", "service")
    (tmp_path / "data").mkdir()
    (tmp_path / "data").chmod(0o777)
    options = [
        f"--volume={tmp_path}/data:/data",
        "--env=FLASK_DATABASE_URL=sqlite:////data/shop.db",
        "--user=1000680000:0",
    ]
    upgrade = ["alembic", "upgrade", "head"]
    podman("run", "--rm", *options, *LEAST_RIGHTS, image, *upgrade)
    with running_container(image, tmp_path, *options) as (server, name):
        assert server.get("/readyz").text == "OK"
        made = greet(f"{server.url}/greetings")
        assert made.text in server.get("/greetings").text
        podman("stop", f"--time={LONG}", name)
        assert server.process.wait(timeout=LONG) == 0


def test_image_opens_as_many_files_as_the_machine_allows(image, podman, tmp_path):
    # Without a number of processes, Podman tries to allow more than this user may.
    limits = "--ulimit=nofile=512:1000", "--ulimit=nproc=1000"
    with running_container(image, tmp_path, *limits) as (_, name):
        limits = podman("exec", name, "cat", "/proc/1/limits")
        (found,) = re.findall(r"Max open files +(\d+) +(\d+)", limits)
        assert found == ("1000", "1000")


def test_upload_fits_on_a_disk_that_is_read_only(image, bake, tmp_path):
    compose = yaml.safe_load(bake(deploy="container").read("compose.yaml"))
    tmpfs = [f"--tmpfs={mount}" for mount in compose["services"]["web"]["tmpfs"]]
    headers, body = form_with_a_file(700_000)
    with running_container(image, tmp_path, *tmpfs) as (server, _):
        uploaded = server.get("/upload", "POST", body, headers)
        assert (uploaded.status, uploaded.text) == (200, "700000")


PASSWORD = "a-password-of-the-index"  # noqa: S105


def answer_of_the_index(request):
    """Redirect ``request`` to the public index, if it has the password."""
    login = request.authorization
    if not login or (login.username, login.password) != ("ada", PASSWORD):
        return Response(status=401, headers={"WWW-Authenticate": "Basic realm=company"})
    return redirect(PyPI.simple_url + request.path.removeprefix("/simple"))


@pytest.fixture
def company(tmp_path, program):
    """Serve an index by HTTPS; return it, and a folder with its address and certificates.

    The certificates are as many as those of a large company.
    """
    program("openssl")
    create = "openssl req -x509 -newkey rsa:2048 -nodes -days 2".split()
    authority = ["-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Company"]
    run([*create, *authority], tmp_path)
    server = ["-keyout", "key.pem", "-out", "certificate.pem", "-subj", "/CN=localhost"]
    signed = ["-CA", "ca.pem", "-CAkey", "ca.key"]
    names = ["-addext", "subjectAltName=DNS:localhost"]
    leaf = ["-addext", "basicConstraints=critical,CA:FALSE"]
    run([*create, *server, *signed, *names, *leaf], tmp_path)
    authorities = (tmp_path / "certificate.pem").read_text() * 300
    authorities += (tmp_path / "ca.pem").read_text()
    assert len(authorities) > 300_000
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "certificate.pem", tmp_path / "key.pem")
    with HTTPServer(ssl_context=context, threaded=True) as index:
        pages = index.expect_request(re.compile("/simple/"))
        pages.respond_with_handler(answer_of_the_index)
        folder = tmp_path / "company"
        folder.mkdir()
        address = f"https://ada:{PASSWORD}@localhost:{index.port}/simple/"
        (folder / "index.txt").write_text(f"{address}\n")
        (folder / "company.pem").write_text(authorities)
        yield index, folder


def build_at_the_company(project, folder, docker, *without):
    """Follow DEPLOY.md with the index and the certificates in ``folder``.

    ``without`` are options to leave out. Raise AssertionError if the build fails.
    """
    (block,) = (b for b in blocks(project.read("DEPLOY.md"), "text") if "--secret" in b)
    words = shlex.split(block.replace("\\\n", "").splitlines()[0])
    for option in without:
        place = words.index(option)
        del words[place - 1 : place + 1]
    for path in folder.iterdir():
        shutil.copy(path, project.folder)
    run(words, project.folder, env={"PATH": outside_path(docker)})


@pytest.mark.expensive(reason="it depends on pip and uv")
@pytest.mark.parametrize(
    ("layout", "lock"),
    [("module", "public"), ("package", "company"), ("package", "none")],
)
def test_build_can_use_the_index_and_certificates_of_a_company(
    bake, docker, podman, tmp_path, company, layout, lock
):
    index, folder = company
    slug = f"company-{layout}-{lock}"
    answers = {"project_slug": slug, "module_name": "shop", "layout": layout}
    project = bake(deploy="container", **answers).copy(tmp_path / slug)
    if lock != "none":
        run(["uv", "lock", "--quiet", "-P", "flask==3.1.0"], project.folder)
    if lock == "company":
        text = project.read("uv.lock").replace(PyPI.simple_url, "https://other.test/x")
        (project.folder / "uv.lock").write_text(text)
    tag = f"localhost/{slug}"
    try:
        build_at_the_company(project, folder, docker)
        found = {asked.path for asked, answer in index.log if answer.status_code == 302}
        needed = {"uv", "flask", *["flit-core"] * (layout == "package")}
        assert {f"/simple/{name}/" for name in needed} <= found
        look = "import importlib.metadata as m; print(m.version('flask'))"
        version = podman("run", "--rm", tag, "python", "-c", look)
        assert (version == "3.1.0") == (lock != "none")
        certificate = (folder / "company.pem").read_text().splitlines()[-3]
        traces = PASSWORD, certificate, "/healthz"
        assert found_in(tag, *traces) == {"/healthz"}
    finally:
        podman("rmi", "--force", "--ignore", tag)


@pytest.mark.expensive(reason="it depends on pip and uv")
def test_build_at_a_company_fails_clearly(bake, docker, tmp_path, company):
    _, folder = company
    project = bake(project_slug="company", deploy="container").copy(tmp_path / "wrong")
    certificates = "id=certificates,src=company.pem"
    with pytest.raises(AssertionError, match="CERTIFICATE_VERIFY_FAILED"):
        build_at_the_company(project, folder, docker, certificates)
    run(["uv", "lock", "--quiet", "-P", "flask==3.1.0"], project.folder)
    wrong = "sha256:" + "0" * 64
    lock = re.sub("sha256:[0-9a-f]{64}", wrong, project.read("uv.lock"))
    (project.folder / "uv.lock").write_text(lock)
    with pytest.raises(AssertionError, match="Hash mismatch"):
        build_at_the_company(project, folder, docker)


@pytest.mark.expensive(reason="make test builds with Debian's commands")
@pytest.mark.parametrize(("server", "layout"), DIAGONAL)
def test_lines_of_the_dockerfile_run_on_alpine(
    bake, podman, program, tag, tmp_path, server, layout
):
    # Alpine's commands are those of busybox. Here, they replace those of the base image.
    busybox = program("busybox", "busybox-static")
    base = tmp_path / "base"
    base.mkdir()
    shutil.copy(busybox, base / "busybox")
    (base / "Dockerfile").write_text(
        f"FROM {BASE_IMAGE}\nCOPY busybox /applets/busybox\n"
        "RUN /applets/busybox --install -s /applets && ln -sf /applets/busybox /bin/sh\n"
        "ENV PATH=/usr/local/bin:/applets:$PATH\n"
    )
    alpine = f"{tag}-base"
    answers = {"layout": layout, "server": server, "deploy": "container"}
    project = bake(**answers).copy(tmp_path / "hello")
    dockerfile = project.read("Dockerfile").replace(BASE_IMAGE, alpine)
    (project.folder / "Dockerfile").write_text(dockerfile)
    for path in [project.folder, *project.folder.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)
    try:
        build(base, alpine)
        build(project.folder, tag)
        with running_container(tag, tmp_path) as (served, name):
            assert GREETING in served.get().text
            commands = podman("exec", name, "sh", "-c", "cp --help 2>&1")
            assert "BusyBox" in commands
    finally:
        podman("rmi", "--force", "--ignore", tag, alpine)


def test_labels_are_what_was_answered(image, podman):
    inspect = ["image", "inspect", "--format", "{{json .Labels}}"]
    labels = json.loads(podman(*inspect, image))
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


def test_stale_lock_is_an_error(bake, podman, tag, tmp_path):
    project = bake(deploy="container").copy(tmp_path / "hello")
    run(["uv", "lock", "--quiet", "-P", "flask==3.1.0"], project.folder)
    project.change("pyproject.toml", '"flask>=3.1,<4"', '"flask>=3.1.1,<4"')
    with pytest.raises(AssertionError, match="lock` needs to be updated"):
        build(project.folder, tag)


# The smaller files run in test_pipelines.py and test_releases.py.
def test_largest_compose_file_runs_with_the_least_rights(
    bake, docker, podman, tmp_path, program
):
    program("curl")
    slug = "compose-service"
    answers = {"project_slug": slug, "layout": "service", "deploy": "container"}
    project = bake(**answers).copy(tmp_path / slug)
    (project.folder / ".env").write_text(f"{DOTENV}PORT=1\n")
    port = free_port()
    (block,) = (b for b in blocks(project.read("DEPLOY.md")) if "compose up" in b)
    up, logs, down = block.splitlines()
    variables = {"PATH": outside_path(docker), "PORT": str(port)}
    try:
        follow(up, project.folder, env=variables)
        assert GREETING in first_page(f"http://127.0.0.1:{port}/")
        container = f"{slug}_web_1"
        assert rights(container) == NO_RIGHTS
        for variable, value in VARIABLES.items():
            assert podman("exec", container, "printenv", variable) == value
        follow(logs, project.folder, env=variables)
        processes = podman("top", container, "pid").splitlines()[1:]
        assert len(processes) >= 3, "two workers and the process that started them"
        keeps_a_greeting(project, variables)
    finally:
        follow(f"{down} --volumes", project.folder, env=variables)
        podman("rmi", "--force", "--ignore", f"localhost/{slug}")
    assert container not in podman("ps", "--all", "--format={{.Names}}").split()


def keeps_a_greeting(project, variables):
    """Store a greeting; find it after an outage of the database, and in new containers."""
    url = f"http://127.0.0.1:{variables['PORT']}"

    def follow_at(block):
        return follow(block, project.folder, env=variables)

    _, ask, *_ = blocks(project.read("README.md"))
    assert '"text":"Hi"' in follow_at(ask.replace("http://127.0.0.1:5000", url))
    follow_at("docker compose stop database")
    for path, status in ("/greetings", 503), ("/readyz", 503), ("/healthz", 200):
        assert (path, fetch(url + path).status) == (path, status)
    assert fetch(f"{url}/greetings").headers["retry-after"] == "5"
    follow_at("docker compose start database")
    assert '"text":"Hi"' in first_page(f"{url}/greetings")
    follow_at("docker compose down")
    follow_at("docker compose up --no-build --detach --wait")
    assert '"text":"Hi"' in first_page(f"{url}/greetings")


@pytest.mark.usefixtures("podman")
def test_oldest_podman_compose_reads_the_file(bake, tmp_path):
    for server, layout in [*DIAGONAL, ("granian", "service")]:
        project = bake(deploy="container", server=server, layout=layout)
        (oldest,) = re.findall(r"podman-compose\s+(\d\S+)", project.read("DEPLOY.md"))
        read = ["uv", "tool", "run", f"podman-compose=={oldest}", "config"]
        for port in "8000", "9000":
            environment = {"PORT": port} if port != "8000" else {}
            config = yaml.safe_load(run(read, project.folder, env=environment))
            web = config["services"]["web"]
            assert web["ports"] == [f"127.0.0.1:{port}:8000"]
            assert web["environment"]["PORT"] == "8000"

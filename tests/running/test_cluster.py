"""The manifests run unchanged."""

import json
import os
import re
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from dev.commands import attempt
from dev.containers import NO_RIGHTS, rights
from dev.linters import kustomize
from dev.servers import GREETING, fetch, first_page, free_port, greet
from dev.values import DATABASE_IMAGE, REGISTRY
from dev.variants import DIAGONAL

pytestmark = pytest.mark.usefixtures("only_cluster")
DEPLOYMENT = "kind: Deployment\nmetadata:\n(?:  .+\n)*  name: "


@pytest.fixture
def only_cluster(podman):
    """Wait for the pods of other processes: Podman gives all one temporary folder."""
    import fcntl  # Windows has no such module.

    with Path(os.environ["TMPDIR"], "cluster").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def test_manifests_run_unchanged(project_with_image, podman, tmp_path):
    # One at a time, since Podman can also bind the container's port on this machine.
    for server_and_layout in DIAGONAL:
        project, image = project_with_image(*server_and_layout)
        with (
            in_registry(image, project, podman),
            running_pod(kustomize(project), podman, tmp_path) as (url, web),
        ):
            assert GREETING in first_page(url)
            check_container(web, podman)
            if project.answers["layout"] == "package":
                logs = attempt(["podman", "logs", web], tmp_path)
                lines = (logs.stdout + logs.stderr).splitlines()
                (line,) = (line for line in lines if "GET /" in line)
                assert json.loads(line)["status"] == 200


def check_container(web, podman):
    """Check what the container ``web`` may do."""
    facts = rights(web)
    # Older versions of Podman keep the temporary folder on disk.
    assert set(facts.pop("writable")) <= {"/tmp"}  # noqa: S108
    assert facts.items() <= NO_RIGHTS.items()
    write = "from pathlib import Path; Path('/tmp/x').write_text('x')"
    podman("exec", web, "python", "-c", write)


@contextmanager
def in_registry(image, project, podman):
    """Give ``image`` the name that the manifests of ``project`` contain."""
    name = f"{REGISTRY}/{project.answers['project_slug']}:0.1.0"
    podman("tag", image, name)
    yield
    podman("untag", image, name)


@contextmanager
def running_pod(manifests, podman, folder, *options):
    """Run the Deployment in ``manifests``; give its address and its container's name."""
    (slug,) = re.findall(f"{DEPLOYMENT}(.+)", manifests)
    file = folder / f"{slug}.yaml"
    file.write_text(manifests)
    pod = f"{slug}-pod-0"
    try:
        podman("kube", "play", "--quiet", *options, file)
        infra = podman("pod", "inspect", "--format={{.InfraContainerID}}", pod)
        inspect = "--format={{json .NetworkSettings.Networks}}"
        (network,) = json.loads(podman("inspect", inspect, infra)).values()
        yield f"http://{network['IPAddress']}:8000", f"{pod}-web"
    finally:
        podman("pod", "rm", "--force", "--time=0", "--ignore", pod)


@pytest.fixture
def database_container(podman):
    """Run PostgreSQL's image in a network of its own; return both names."""
    name = f"flask-hello-{free_port()}"
    podman("network", "create", name)
    how = ["--name", name, "--network", name, "--env=POSTGRES_PASSWORD=open sesame"]
    try:
        podman("run", "--detach", *how, DATABASE_IMAGE)
        yield name
    finally:
        podman("rm", "--force", "--time=0", "--volumes", "--ignore", name)
        podman("network", "rm", "--force", name)


@pytest.mark.expensive(reason="in make test, Compose migrates and runs a service")
def test_replicas_of_a_service_migrate_before_they_start(
    project_with_image, podman, tmp_path, database_container
):
    project, image = project_with_image("granian", "service")
    name = database_container  # Other processes use the same image.
    # Podman starts an init container again under the policy of a Deployment.
    once = "restartPolicy: OnFailure\n      automountServiceAccountToken:"
    manifests = kustomize(project).replace("automountServiceAccountToken:", once)
    manifests = manifests.replace("name: my-shop\n", f"name: {name}\n")
    network = f"--network={name}"

    def replica(number):
        """Return the manifests of a pod, with a port that nothing else binds here."""
        own = manifests.replace("containerPort: 8000", f"containerPort: {free_port()}")
        return re.sub(f"({DEPLOYMENT}{name})", rf"\1-{number}", own)

    address = f"postgresql://postgres:open%20sesame@{name}/postgres"
    secret = {"FLASK_DATABASE_URL": b64encode(address.encode()).decode()}
    (tmp_path / "secret").write_text(json.dumps(secret))
    with ExitStack() as stack, ThreadPoolExecutor() as kubelets:
        stack.enter_context(in_registry(image, project, podman))
        with (
            pytest.raises(AssertionError, match=f'no secret with name or id "{name}"'),
            running_pod(replica(0), podman, tmp_path, network),
        ):
            pass
        stack.callback(podman, "secret", "rm", name)
        podman("secret", "create", name, tmp_path / "secret")
        pods = [running_pod(replica(n), podman, tmp_path, network) for n in (1, 2)]
        started = [kubelets.submit(pod.__enter__) for pod in pods]
        for pod, start in zip(pods, started, strict=True):
            stack.push(pod)
            url, web = start.result()
            assert GREETING in first_page(url)
            assert fetch(f"{url}/readyz").status == 200
            assert greet(f"{url}/greetings").status == 201
        check_container(web, podman)
        assert len(json.loads(fetch(f"{url}/greetings").text)["items"]) == len(pods)

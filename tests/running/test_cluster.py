"""The manifests run unchanged."""

import json

import pytest

from dev.commands import attempt
from dev.containers import NO_RIGHTS, first_page, rights
from dev.linters import kustomize
from dev.servers import GREETING
from dev.values import REGISTRY
from dev.variants import DIAGONAL, SERVERS_AND_PAGES

pytestmark = pytest.mark.slow


def test_manifests_run_unchanged(project_with_image, podman, tmp_path, pytestconfig):
    # One at a time, since Podman can also bind the container's port on this machine.
    chosen = SERVERS_AND_PAGES if pytestconfig.option.all else DIAGONAL
    for server_and_layout in chosen:
        project, image = project_with_image(*server_and_layout)
        run_manifests(project, image, podman, tmp_path)


def run_manifests(project, image, podman, folder):
    """Run the manifests of a project with its image, and check the container."""
    slug = project.answers["project_slug"]
    file = folder / f"{slug}.yaml"
    file.write_text(kustomize(project))
    name_in_registry = f"{REGISTRY}/{slug}:0.1.0"
    podman("tag", image, name_in_registry)
    name = f"{slug}-pod-0"
    web = f"{name}-web"
    try:
        podman("kube", "play", "--quiet", file)
        infra = podman("pod", "inspect", "--format={{.InfraContainerID}}", name)
        inspect = "--format={{json .NetworkSettings.Networks}}"
        (network,) = json.loads(podman("inspect", inspect, infra)).values()
        assert GREETING in first_page(f"http://{network['IPAddress']}:8000/")
        facts = rights(web)
        # Older versions of Podman keep the temporary folder on disk.
        assert set(facts.pop("writable")) <= {"/tmp"}  # noqa: S108
        assert facts.items() <= NO_RIGHTS.items()
        write = "from pathlib import Path; Path('/tmp/x').write_text('x')"
        podman("exec", web, "python", "-c", write)
        if project.answers["layout"] == "package":
            logs = attempt(["podman", "logs", web], folder)
            lines = (logs.stdout + logs.stderr).splitlines()
            (line,) = (line for line in lines if "GET /" in line)
            assert json.loads(line)["status"] == 200
    finally:
        podman("pod", "rm", "--force", "--time=0", "--ignore", name)
        podman("untag", image, name_in_registry)

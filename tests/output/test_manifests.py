"""The manifests fit the schemas, fit together, and run as they are."""

import re
import sys
from itertools import pairwise

import pytest
import yaml

from dev.commands import attempt, tool
from dev.linters import kustomize
from dev.production import production_command
from dev.readmes import blocks
from dev.variants import SERVERS_AND_LAYOUTS

pytestmark = pytest.mark.slow

KINDS = {
    "ConfigMap",
    "Deployment",
    "HorizontalPodAutoscaler",
    "NetworkPolicy",
    "PodDisruptionBudget",
    "Service",
}
# The first in which a sleep before the stop is always there.
OLDEST_KUBERNETES = "1.34"


@pytest.fixture(params=SERVERS_AND_LAYOUTS, ids="-".join)
def cluster_project(bake, request):
    """Bake a project of each combination for Kubernetes."""
    server, layout = request.param
    return bake(
        project_slug="my-shop",
        module_name="shop",
        server=server,
        layout=layout,
        deploy="kubernetes",
    )


@pytest.fixture
def manifests(cluster_project):
    """Return the manifests of each combination by kind."""
    documents = list(yaml.safe_load_all(kustomize(cluster_project)))
    assert len({document["kind"] for document in documents}) == len(documents)
    return {document["kind"]: document for document in documents}


@pytest.fixture
def pod(manifests):
    """Return the template of the pods."""
    return manifests["Deployment"]["spec"]["template"]


@pytest.fixture
def pod_container(pod):
    """Return the only container of a pod."""
    (container,) = pod["spec"]["containers"]
    return container


def test_there_is_one_of_each_kind(manifests):
    assert manifests.keys() == KINDS


@pytest.mark.parametrize("version", [OLDEST_KUBERNETES, "newest"])
def test_fit_the_schemas(cluster_project, tmp_path, version):
    file = tmp_path / "manifests.yaml"
    file.write_text(kustomize(cluster_project))
    which = [] if version == "newest" else ["--kubernetes-version", version]
    validate = [sys.executable, "-m", "kubernetes_validate", "--strict", *which]
    said = attempt([*validate, file], tmp_path)
    assert said.returncode == 0, said.stdout + said.stderr
    assert (said.stdout + said.stderr).count(" passed ") == len(KINDS)


@pytest.mark.parametrize("slug", ["on", "null", "e1", "x" * 50, "a-b", "true"])
def test_names_are_text_whatever_the_slug(bake, slug):
    project = bake(project_slug=slug, module_name="shop", deploy="kubernetes")
    for document in yaml.safe_load_all(kustomize(project)):
        hashed = "-[a-z0-9]{10}" if document["kind"] == "ConfigMap" else ""
        assert re.fullmatch(re.escape(slug) + hashed, document["metadata"]["name"])
        assert document["metadata"]["labels"] == {"app.kubernetes.io/name": slug}
    service = yaml.safe_load(project.read("compose.yaml"))["services"]["web"]
    assert service["image"] == slug


def test_pods_have_time_to_stop(cluster_project, pod, pod_container):
    command = production_command(cluster_project)
    (bound,) = (
        int(after)
        for before, after in pairwise(command)
        if before in {"--workers-kill-timeout", "--graceful-timeout"}
    )
    sleep = pod_container["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert pod["spec"]["terminationGracePeriodSeconds"] > sleep + bound
    compose = yaml.safe_load(cluster_project.read("compose.yaml"))
    assert int(compose["services"]["web"]["stop_grace_period"].rstrip("s")) > bound


def test_selectors_select_these_pods_and_no_others(manifests, pod):
    labels = pod["metadata"]["labels"]
    spread = pod["spec"]["topologySpreadConstraints"]
    selectors = [
        manifests["Deployment"]["spec"]["selector"]["matchLabels"],
        manifests["Service"]["spec"]["selector"],
        manifests["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
        manifests["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"],
        *(constraint["labelSelector"]["matchLabels"] for constraint in spread),
    ]
    assert all(selectors)
    assert all(selector.items() <= labels.items() for selector in selectors)


def test_ports_are_those_of_the_container(manifests, cluster_project, pod_container):
    (port,) = pod_container["ports"]
    assert any(
        word.endswith(str(port["containerPort"]))
        for word in production_command(cluster_project)
    )
    probes = [
        pod_container[f"{kind}Probe"]["httpGet"]
        for kind in ("startup", "readiness", "liveness")
    ]
    (service,) = manifests["Service"]["spec"]["ports"]
    (ingress,) = manifests["NetworkPolicy"]["spec"]["ingress"]
    named = [
        *(probe["port"] for probe in probes),
        service["targetPort"],
        *(each["port"] for each in ingress["ports"]),
    ]
    assert named == [port["name"]] * 5
    assert {probe["path"] for probe in probes} == {"/healthz"}


def test_references_resolve(manifests, pod_container):
    (source,) = pod_container["envFrom"]
    assert source["configMapRef"]["name"] == manifests["ConfigMap"]["metadata"]["name"]
    scaled = manifests["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]
    deployment = manifests["Deployment"]
    assert scaled == {
        "apiVersion": deployment["apiVersion"],
        "kind": "Deployment",
        "name": deployment["metadata"]["name"],
    }


def test_replicas_are_left_to_the_autoscaler(manifests):
    assert "replicas" not in manifests["Deployment"]["spec"]
    spec = manifests["HorizontalPodAutoscaler"]["spec"]
    assert 2 <= spec["minReplicas"] < spec["maxReplicas"]
    budget = manifests["PodDisruptionBudget"]["spec"]["maxUnavailable"]
    assert budget < spec["minReplicas"]
    assert spec["metrics"][0]["resource"]["name"] == "cpu"


def test_rollout_takes_no_pod_away_before_another_is_ready(manifests):
    strategy = manifests["Deployment"]["spec"]["strategy"]["rollingUpdate"]
    assert strategy == {"maxSurge": 1, "maxUnavailable": 0}


def test_pods_have_the_least_rights(pod, pod_container):
    spec = pod["spec"]
    assert spec["automountServiceAccountToken"] is False
    assert spec["enableServiceLinks"] is False
    assert spec["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": 10001,
        "runAsGroup": 10001,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert pod_container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }


def test_memory_is_limited_and_cpu_is_not(pod_container):
    resources = pod_container["resources"]
    assert resources["limits"].keys() == {"memory"}
    assert resources["requests"].keys() == {"cpu", "memory"}


def test_egress_is_denied(manifests):
    spec = manifests["NetworkPolicy"]["spec"]
    assert set(spec["policyTypes"]) == {"Ingress", "Egress"}
    assert not spec.get("egress")


def test_setting_of_the_readme_is_the_same_in_the_manifests(cluster_project, tmp_path):
    (setting,) = re.findall(
        "`(FLASK_TRUSTED_HOSTS=.*?)`", cluster_project.read("DEPLOY.md")
    )
    copy = cluster_project.copy(tmp_path / "my-shop")
    file = "kubernetes/kustomization.yaml"
    copy.change(file, "- FLASK_LOG_FORMAT=json\n", f"- {setting}\n")
    config, *_ = yaml.safe_load_all(kustomize(copy))
    assert config["data"]["FLASK_TRUSTED_HOSTS"] == '["example.com"]'


def test_image_is_set_in_one_place(cluster_project):
    files = [
        cluster_project.read(path)
        for path in cluster_project.files()
        if "kubernetes" in path
    ]
    assert "".join(files).count("registry.example.com") == 1


def test_commands_of_the_readme_are_known_to_kubectl(cluster_project):
    readme = cluster_project.read("DEPLOY.md")
    commands = [
        line
        for block in blocks(readme)
        for line in block.splitlines()
        if line.startswith("kubectl ") and "kustomize" not in line
    ]
    commands += re.findall(r"`(kubectl [^`]+)`", readme)
    assert len(commands) == 5
    for command in commands:
        arguments = command.split()[1:]
        said = attempt(
            [tool("kubectl"), "--server=http://127.0.0.1:9", *arguments],
            cluster_project.folder,
        )
        assert "127.0.0.1:9" in said.stderr, said.stderr
        assert "unknown" not in said.stderr

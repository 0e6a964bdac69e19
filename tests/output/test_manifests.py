"""The manifests match the schemas and each other, and need no changes."""

import base64
import json
import re
import sys
from itertools import pairwise

import pytest
import yaml
from dotenv import dotenv_values

from dev.commands import attempt, outside_path, run, tool
from dev.containers import DOTENV, VARIABLES
from dev.linters import kustomize
from dev.production import production_command
from dev.projects import commit_all
from dev.readmes import blocks, in_bash
from dev.values import REGISTRY
from dev.variants import CHOICES, SERVERS_AND_LAYOUTS

pytestmark = pytest.mark.slow

KINDS = {
    "ConfigMap",
    "Deployment",
    "HorizontalPodAutoscaler",
    "NetworkPolicy",
    "PodDisruptionBudget",
    "Service",
}
# The entry of the documented Secret, and the length of its value.
SECRETS = {
    "module": ("SECRET_KEY", 64),
    "package": ("FLASK_SECRET_KEY", 64),
    "service": ("FLASK_DATABASE_URL", len("postgresql://user:password@host/database")),
}
# The first version in which the sleep in preStop is always enabled.
KUBECTL = {"PATH": outside_path(tool("kubectl").parent)}
OLDEST_KUBERNETES = "1.34"


def validate(file, *options):
    """Return the number of manifests in ``file``; raise AssertionError if one is invalid."""
    command = [sys.executable, "-m", "kubernetes_validate", "--strict", *options, file]
    result = attempt(command, file.parent)
    assert result.returncode == 0, result.stdout + result.stderr
    return (result.stdout + result.stderr).count(" passed ")


def manifest_files(project):
    """Return the files of manifests, without kustomization.yaml."""
    files = sorted((project.folder / "kubernetes").iterdir())
    return [file for file in files if file.name != "kustomization.yaml"]


def snippets(project):
    """Return the YAML blocks in DEPLOY.md."""
    return blocks(project.read("DEPLOY.md"), "yaml")


@pytest.fixture(scope="module", params=SERVERS_AND_LAYOUTS, ids="-".join)
def cluster_project(bake, request):
    """Return a project for Kubernetes, for every server and layout."""
    server, layout = request.param
    return bake(
        project_slug="my-shop",
        module_name="shop",
        server=server,
        layout=layout,
        deploy="kubernetes",
    )


@pytest.fixture(scope="module")
def manifests(cluster_project):
    """Return the manifests of ``cluster_project``, by kind."""
    documents = list(yaml.safe_load_all(kustomize(cluster_project)))
    assert len({document["kind"] for document in documents}) == len(documents)
    return {document["kind"]: document for document in documents}


@pytest.fixture
def pod(manifests):
    """Return the pod template."""
    return manifests["Deployment"]["spec"]["template"]


@pytest.fixture
def pod_container(pod):
    """Return the only container of a pod."""
    (container,) = pod["spec"]["containers"]
    return container


@pytest.mark.parametrize("version", [OLDEST_KUBERNETES, "newest"])
def test_manifests_match_the_schemas(cluster_project, tmp_path, version):
    file = tmp_path / "manifests.yaml"
    file.write_text(kustomize(cluster_project))
    which = [] if version == "newest" else ["--kubernetes-version", version]
    assert validate(file, *which) == len(KINDS)


def test_each_file_alone_matches_the_schemas(cluster_project):
    for file in manifest_files(cluster_project):
        assert validate(file) == 1


@pytest.mark.parametrize("slug", ["on", "null", "e1", "x" * 50, "a-b", "true"])
def test_names_stay_strings_for_any_slug(bake, slug):
    project = bake(project_slug=slug, module_name="shop", deploy="kubernetes")
    for document in yaml.safe_load_all(kustomize(project)):
        hashed = "-[a-z0-9]{10}" if document["kind"] == "ConfigMap" else ""
        assert re.fullmatch(re.escape(slug) + hashed, document["metadata"]["name"])
        assert document["metadata"]["labels"] == {"app.kubernetes.io/name": slug}


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


def selectors(value):
    """Yield every selector of pods in ``value``, a manifest or a part of it."""
    parts = value.items() if isinstance(value, dict) else enumerate(value)
    for key, part in parts:
        if key in {"selector", "podSelector", "labelSelector"}:
            yield part.get("matchLabels", part)
        if isinstance(part, dict | list):
            yield from selectors(part)


def test_each_file_alone_and_all_together_select_only_the_pods_of_this_app(
    cluster_project, manifests, pod
):
    files = manifest_files(cluster_project)
    alone = [yaml.safe_load(file.read_text()) for file in files]
    ours = {"app.kubernetes.io/name": "my-shop"}
    for found in (alone, [*manifests.values()]):
        assert [*selectors(found)] == [ours] * 6
    assert pod["metadata"]["labels"].items() >= ours.items()
    (deployment,) = (each for each in alone if each["kind"] == "Deployment")
    assert deployment["spec"]["template"]["metadata"] == pod["metadata"]


def test_ports_match_the_container(manifests, cluster_project, pod_container):
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
    is_service = cluster_project.answers["layout"] == "service"
    ready = "/readyz" if is_service else "/healthz"
    assert [probe["path"] for probe in probes] == ["/healthz", ready, "/healthz"]


def test_references_resolve(manifests, cluster_project, pod_container):
    settings, secrets = pod_container["envFrom"]
    name = manifests["ConfigMap"]["metadata"]["name"]
    assert settings == {"configMapRef": {"name": name, "optional": True}}
    # Without the address of its database, a service would start on SQLite.
    is_service = cluster_project.answers["layout"] == "service"
    optional = {} if is_service else {"optional": True}
    assert secrets == {"secretRef": {"name": "my-shop"} | optional}
    deployment = manifests["Deployment"]
    scaled = manifests["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]
    assert scaled.pop("apiVersion") == deployment["apiVersion"]
    assert scaled == {"kind": "Deployment", "name": deployment["metadata"]["name"]}


def test_pods_of_a_service_migrate_its_database_first(cluster_project, pod):
    if cluster_project.answers["layout"] != "service":
        assert "initContainers" not in pod["spec"]
        return
    (first,), (container,) = pod["spec"]["initContainers"], pod["spec"]["containers"]
    first = {**first}
    assert first.pop("name") != container["name"]
    assert first.pop("command") == ["alembic", "upgrade", "head"]
    assert first == {key: container[key] for key in first}
    assert first.keys() == {
        *("envFrom", "image", "resources", "securityContext", "volumeMounts")
    }


def test_replicas_are_left_to_the_autoscaler(manifests):
    assert "replicas" not in manifests["Deployment"]["spec"]
    spec = manifests["HorizontalPodAutoscaler"]["spec"]
    assert 2 <= spec["minReplicas"] < spec["maxReplicas"]
    budget = manifests["PodDisruptionBudget"]["spec"]["maxUnavailable"]
    assert budget < spec["minReplicas"]
    assert spec["metrics"][0]["resource"]["name"] == "cpu"


def test_rollout_keeps_every_pod_until_another_is_ready(manifests):
    strategy = manifests["Deployment"]["spec"]["strategy"]["rollingUpdate"]
    assert strategy == {"maxSurge": 1, "maxUnavailable": 0}


def test_pods_have_minimal_privileges_and_bounds(cluster_project, pod, pod_container):
    spec = pod["spec"]
    assert spec["automountServiceAccountToken"] is False
    assert spec["enableServiceLinks"] is False
    assert spec["securityContext"] == {
        "runAsNonRoot": True,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    # OpenShift assigns the user: test_images.py runs the image as such a user.
    manifests = kustomize(cluster_project)
    assert not re.search("(runAs|fs)(User|Group)|supplementalGroups", manifests)
    # test_cluster.py runs a pod with these rights and this memory.
    limits = pod_container["resources"]["limits"]
    assert limits.keys() == {"ephemeral-storage", "memory"}
    (volume,) = spec["volumes"]
    assert volume["emptyDir"] == {"medium": "Memory", "sizeLimit": "64Mi"}


def test_egress_is_denied_except_to_the_database_of_a_service(
    cluster_project, manifests
):
    spec = manifests["NetworkPolicy"]["spec"]
    assert set(spec["policyTypes"]) == {"Ingress", "Egress"}
    allowed = [each["port"] for rule in spec["egress"] for each in rule["ports"]]
    is_service = cluster_project.answers["layout"] == "service"
    assert allowed == ([53, 53, 5432] if is_service else [])


@pytest.mark.parametrize("server", CHOICES["server"])
def test_proxy_settings_can_be_uncommented(bake, tmp_path, server):
    project = bake(layout="package", server=server, deploy="kubernetes")
    (setting,) = re.findall("`(FLASK_TRUSTED_HOSTS=.*?)`", project.read("DEPLOY.md"))
    copy = project.copy(tmp_path / "hello")
    file = "kubernetes/kustomization.yaml"
    for _ in range(2):
        copy.change(file, "# - FLASK_", "- FLASK_")
    config, *_ = yaml.safe_load_all(kustomize(copy))
    assert config["data"]["FLASK_PROXY_HOPS"] == "1"
    hosts = config["data"]["FLASK_TRUSTED_HOSTS"]
    assert hosts.replace("hello.", "") == setting.partition("=")[2]


def test_kustomize_sets_name_and_tag_of_the_image(cluster_project, tmp_path):
    written = f"{REGISTRY}/my-shop"
    deployment = cluster_project.read("kubernetes/deployment.yaml")
    images = re.findall("image: (.*)", deployment)
    assert {*images} == {f'"{written}:0.1.0"'}
    copy = cluster_project.copy(tmp_path / "my-shop")
    file = "kubernetes/kustomization.yaml"
    copy.change(file, f'newName: "{written}"', 'newName: "ghcr.io/ada/shop"')
    copy.change(file, 'newTag: "0.1.0"', 'newTag: "2.0.0"')
    manifests = kustomize(copy)
    changed = ["ghcr.io/ada/shop:2.0.0"] * len(images)
    assert re.findall("image: (.*)", manifests) == changed


@pytest.mark.usefixtures("git", "home")
def test_revision_is_on_the_pods_and_in_no_selector(cluster_project, tmp_path):
    project = cluster_project.copy(tmp_path / "my-shop")
    key = "org.opencontainers.image.revision"
    commit_all(project.folder)
    run(["git", "tag", "v1"], project.folder)
    (block,) = (b for b in blocks(project.read("DEPLOY.md")) if "git describe" in b)
    deploy, _ = block.split(" |\n    kubectl apply")
    manifests = run(in_bash(deploy), project.folder, env=KUBECTL)
    assert manifests.count(key) == 1
    for manifest in yaml.safe_load_all(manifests):
        if manifest["kind"] == "Deployment":
            annotations = manifest["spec"]["template"]["metadata"]["annotations"]
            assert annotations == {key: "v1"}


def test_snippets_match_the_schemas_in_their_files(cluster_project, tmp_path):
    project = cluster_project.copy(tmp_path / "my-shop")
    route, egress, *metrics, staging = snippets(project)
    (create,) = (b for b in blocks(project.read("DEPLOY.md")) if "create ingress" in b)
    run(in_bash(create), project.folder, env=KUBECTL)
    service = "  - service.yaml\n"
    project.change(
        "kubernetes/kustomization.yaml", service, f"{service}  - ingress.yaml\n"
    )
    is_service = project.answers["layout"] == "service"
    whole = "    - ports:\n        - port: 5432\n" if is_service else "  egress: []\n"
    project.change("kubernetes/networkpolicy.yaml", whole, egress)
    granian = project.answers["server"] == "granian"
    assert len(metrics) == 2 * granian
    if granian:
        settings, rule = metrics
        project.change(
            "kubernetes/kustomization.yaml",
            "      - GRANIAN_LOG_LEVEL=warning\n",
            settings,
        )
        project.change(
            "kubernetes/networkpolicy.yaml", "  ingress:\n", f"  ingress:\n{rule}"
        )
    name = f'newName: "{REGISTRY}/my-shop"'
    project.change("kubernetes/kustomization.yaml", name, 'newName: "ghcr.io/ada/shop"')
    (limit,) = re.findall("`(cpu: .+?)`", project.read("DEPLOY.md"))
    limits = "            limits:\n"
    project.change(
        "kubernetes/deployment.yaml", limits, f"{limits}              {limit}\n"
    )
    (project.folder / "staging").mkdir()
    (project.folder / "staging/kustomization.yaml").write_text(staging)
    text = run([tool("kubectl"), "kustomize", "staging"], project.folder)
    file = tmp_path / "manifests.yaml"
    file.write_text(text)
    assert validate(file) == len(KINDS) + 1
    manifests = {each["kind"]: each for each in yaml.safe_load_all(text)}
    assert all(
        each["metadata"]["namespace"] == "staging" for each in manifests.values()
    )
    # The tag is not the base's, for any image name there.
    assert set(re.findall(" image: (.+)", text)) == {f"{REGISTRY}/my-shop:0.2.0"}
    policy = manifests["NetworkPolicy"]["spec"]
    assert [len(rule["ports"]) for rule in policy["egress"]] == [2, 1]
    assert len(policy["ingress"]) == 1 + granian
    assert len(manifests["ConfigMap"]["data"]) > 1
    (http,) = manifests["Ingress"]["spec"]["rules"]
    backend = http["http"]["paths"][0]["backend"]["service"]
    service = manifests["Service"]
    (port,) = service["spec"]["ports"]
    assert http["host"] == "hello.example.com"
    assert http["http"]["paths"][0]["pathType"] == "Prefix"
    assert manifests["Ingress"]["spec"]["tls"] == [
        {"hosts": ["hello.example.com"], "secretName": "my-shop-tls"}
    ]
    assert backend == {
        "name": service["metadata"]["name"],
        "port": {"name": port["name"]},
    }
    # kubernetes-validate has no schema for HTTPRoute.
    (rule,) = yaml.safe_load(route)["spec"]["rules"]
    assert rule == {
        "backendRefs": [{"name": service["metadata"]["name"], "port": port["port"]}]
    }


def test_documented_secret_is_the_one_that_pods_read(cluster_project, pod_container):
    (block,) = (
        b for b in blocks(cluster_project.read("DEPLOY.md")) if "create secret" in b
    )
    create, _, _ = block.partition("kubectl rollout")
    dry_run = f"{create.rstrip()} --dry-run=client --output=yaml"
    secret = yaml.safe_load(run(in_bash(dry_run), cluster_project.folder, env=KUBECTL))
    *_, source = pod_container["envFrom"]
    assert secret["metadata"]["name"] == source["secretRef"]["name"]
    ((name, value),) = secret["data"].items()
    secret_name, length = SECRETS[cluster_project.answers["layout"]]
    assert (name, len(base64.b64decode(value))) == (secret_name, length)


def test_dotenv_means_the_same_to_flask_and_kubectl(tmp_path):
    # test_images.py has the values in a container that Compose starts.
    file = tmp_path / ".env"
    file.write_text(DOTENV)
    create = [str(tool("kubectl")), "create", "secret", "generic", "x"]
    options = [f"--from-env-file={file}", "--dry-run=client", "--output=json"]
    secret = json.loads(run([*create, *options], tmp_path))
    by_kubectl = {
        name: base64.b64decode(value).decode() for name, value in secret["data"].items()
    }
    assert by_kubectl == dotenv_values(file) == VARIABLES


@pytest.mark.parametrize("layout", CHOICES["layout"])
def test_documented_variables_mean_the_same_everywhere(bake, layout):
    document = bake(layout=layout, deploy="kubernetes").read("DEPLOY.md")
    values = re.findall("`FLASK_[A-Z_]+=(.*?)`", document)
    assert values
    for value in values:
        assert not re.search(r"""^['"]|\$|\s#""", value)


def test_kubectl_accepts_the_documented_commands(cluster_project):
    readme = cluster_project.read("DEPLOY.md")
    lines = "".join(blocks(readme)).splitlines()
    inline = re.findall(r"`(kubectl [^`]+)`", readme)
    commands = {
        line
        for line in lines + inline
        if re.match(r"kubectl (?!kustomize|create (secret|ingress))", line)
    }
    # Another test runs this one.
    commands.remove("kubectl apply -k staging")
    assert {command.split()[1] for command in commands} == {
        *("apply", "create", "describe", "logs", "port-forward", "rollout")
    }
    for command in commands:
        arguments = command.split()[1:]
        result = attempt(
            [tool("kubectl"), "--server=http://127.0.0.1:9", *arguments],
            cluster_project.folder,
        )
        assert "127.0.0.1:9" in result.stderr, result.stderr
        assert "unknown" not in result.stderr

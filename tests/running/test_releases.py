"""A tag publishes an image once it has started, and only if it matches the version."""

import json
import re

import pytest
import yaml

from dev.commands import WINDOWS, outside_path, run, tool
from dev.containers import remove_what_compose_made
from dev.projects import commit_all
from dev.readmes import blocks, follow, in_bash
from dev.servers import free_port, serving

pytestmark = pytest.mark.skipif(WINDOWS, reason="pipelines run on Linux")

COMMIT = "0123456789abcdef" * 2 + "01234567"
# Variables that each service sets. Image names are lower-case; GitHub's need not be.
VARIABLES = {
    "github": {
        "GITHUB_ACTOR": "Ada",
        "GITHUB_REPOSITORY": "Ada/My-Shop",
        "GITHUB_SHA": COMMIT,
    },
    "gitlab": {
        "CI_COMMIT_SHA": COMMIT,
        "CI_REGISTRY": "registry.gitlab.com",
        "CI_REGISTRY_IMAGE": "registry.gitlab.com/ada/my-shop",
        "CI_REGISTRY_PASSWORD": "secret",
        "CI_REGISTRY_USER": "Ada",
    },
}
TAG = {"github": "GITHUB_REF_NAME", "gitlab": "CI_COMMIT_TAG"}


def publish_on_github(project, env):
    """Run the steps of the publishing job; raise AssertionError if one fails."""
    workflow = yaml.safe_load(project.read(".github/workflows/publish.yml"))
    known = {"github.token": "secret"}
    for number, step in enumerate(workflow["jobs"]["publish"]["steps"]):
        if "run" not in step:
            continue
        outputs = project.folder / f"../outputs-{number}"
        outputs.touch()
        own = {
            name: re.sub(r"\$\{\{ (.+?) \}\}", lambda found: known[found[1]], text)
            for name, text in step.get("env", {}).items()
        }
        own["GITHUB_OUTPUT"] = str(outputs)
        run(["bash", "-e", "-c", step["run"]], project.folder, env=env | own)
        for line in outputs.read_text().splitlines():
            name, _, value = line.partition("=")
            known[f"steps.{step['id']}.outputs.{name}"] = value


def publish_on_gitlab(project, env):
    """Run the jobs that only tags trigger; raise AssertionError if one fails."""
    jobs = yaml.safe_load(project.read(".gitlab-ci.yml"))
    for job, shell in (jobs["version"], "bash"), (jobs["publish"], "sh"):
        commands = [*job["before_script"], *job["script"]]
        script = "\n".join(line for line in commands if not line.startswith("pip "))
        run([shell, "-e", "-c", script], project.folder, env=env)


PUBLISH = {"github": publish_on_github, "gitlab": publish_on_gitlab}


@pytest.fixture(params=[("github", "module"), ("gitlab", "service")], ids="-".join)
def released_project(bake, request, tmp_path):
    """Return a project that publishes, for each service: without and with a database."""
    ci, layout = request.param
    slug = f"publish-{ci}"
    project = bake(project_slug=slug, layout=layout, deploy="kubernetes", ci=ci)
    return project.copy(tmp_path / slug)


HOSTS = {"github": "ghcr.io", "gitlab": "registry.gitlab.com"}
SETTINGS = "{{version: '0.1', storage: {{inmemory: {{}}}}, http: {{addr: '127.0.0.1:{port}'}}}}"
KINDS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)


@pytest.fixture
def registry(podman, released_project, program, tmp_path):
    """Serve a registry; remove the pushed images from this machine."""
    port = free_port()
    (tmp_path / "registry.yaml").write_text(SETTINGS.format(port=port))
    serve = [program("docker-registry"), "serve", "registry.yaml"]
    with serving(serve, tmp_path, port) as server:
        yield server
    image = f"{HOSTS[released_project.answers['ci']]}/ada/my-shop"
    ids = podman("images", "--quiet", image).split()
    remove_what_compose_made(released_project, *ids)


def look_up(registry, path):
    """Return what ``registry`` has at ``path`` of the images.

    https://distribution.github.io/distribution/spec/api/
    """
    headers = {"Accept": ", ".join(KINDS)}
    return json.loads(registry.get(f"/v2/ada/my-shop/{path}", headers=headers).text)


def manifests(registry):
    """Return the manifests of all images in ``registry``, by tag."""
    tags = look_up(registry, "tags/list").get("tags") or []
    return {tag: look_up(registry, f"manifests/{tag}") for tag in tags}


@pytest.fixture
def service(docker, registry, released_project, tmp_path):
    """Return a function that publishes a tag to ``registry``, as its service does."""
    ci = released_project.answers["ci"]
    address = registry.url.removeprefix("http://")
    configuration = tmp_path / "registries.conf"
    configuration.write_text(
        f'[[registry]]\nprefix = "{HOSTS[ci]}"\n'
        f'location = "{address}"\ninsecure = true\n'
    )
    machine = {
        "CONTAINERS_REGISTRIES_CONF": str(configuration),
        "PATH": outside_path(docker),
        "PORT": str(free_port()),
        "REGISTRY": address,
        "REGISTRY_AUTH_FILE": str(tmp_path / "auth.json"),
    }

    def service(tag):
        env = machine | VARIABLES[ci] | {TAG[ci]: tag}
        PUBLISH[ci](released_project, env)

    return service


@pytest.mark.expensive(reason="it builds images; make test runs the steps before")
def test_version_tag_is_pushed_only_for_a_healthy_image(
    service, registry, released_project, monkeypatch
):
    compose = released_project.read("compose.yaml")
    hangs = "    command: [python, -c, 'import time; time.sleep(99)']\n"
    released_project.change("compose.yaml", "    read_only:", f"{hangs}    read_only:")
    monkeypatch.setenv("HEALTH_CHECKS", "8")
    with pytest.raises(AssertionError, match="unhealthy"):
        service("v0.1.0")
    assert [*manifests(registry)] == [COMMIT]
    monkeypatch.delenv("HEALTH_CHECKS")
    (released_project.folder / "compose.yaml").write_text(compose)
    service("v0.1.0")
    published = manifests(registry)
    assert published.keys() == {COMMIT, "0.1.0"}
    assert published[COMMIT] == published["0.1.0"]
    config = look_up(registry, f"blobs/{published[COMMIT]['config']['digest']}")
    labels = config["config"]["Labels"]
    assert labels["org.opencontainers.image.revision"] == COMMIT
    assert labels["org.opencontainers.image.version"] == "0.1.0"
    with pytest.raises(AssertionError):
        service("v0.1.0")
    assert manifests(registry) == published


def test_mismatched_tag_publishes_nothing(service, registry):
    with pytest.raises(AssertionError, match=r"< 0\.1\.0\n---\n> 0\.2\.0"):
        service("v0.2.0")
    assert manifests(registry) == {}


@pytest.mark.usefixtures("git", "home")
def test_documented_release_passes_the_pipeline(released_project, tmp_path):
    folder = released_project.folder
    run(["git", "init", "--quiet", "--bare", tmp_path / "origin"], tmp_path)
    run(["git", "init", "--quiet", "--initial-branch=main"], folder)
    run(["git", "remote", "add", "origin", tmp_path / "origin"], folder)
    commit_all(folder)
    deploy_md = released_project.read("DEPLOY.md")
    (set_version,) = re.findall("`(uv version .+?)`", deploy_md)
    tag_it, deploy = (
        block for block in blocks(deploy_md) if re.search("git (tag|describe)", block)
    )
    follow(set_version, folder)
    file = "kubernetes/kustomization.yaml"
    released_project.change(file, 'newTag: "0.1.0"', 'newTag: "0.2.0"')
    follow(tag_it, folder)
    tagged = ["git", "describe", "--exact-match", "--tags", "main"]
    assert run(tagged, tmp_path / "origin") == "v0.2.0\n"
    kubectl = {"PATH": outside_path(tool("kubectl").parent)}
    render = deploy.partition(" |\n    kubectl apply")[0]
    manifests = run(in_bash(render), folder, env=kubectl)
    assert "revision: 'v0.2.0'" in manifests
    assert ":0.2.0\n" in manifests

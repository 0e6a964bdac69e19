"""The Dockerfile and compose.yaml are right for any answers."""

import re
import shlex

import pytest
import yaml

from dev.production import production_command
from dev.variants import SERVERS_AND_LAYOUTS

# Titles whose names contain what a command contains.
TITLES = ["Port 8000", "Host 0 0 0 0", "Granian 8192", "X", "Bind"]


def cmd(project):
    """Return the words of the image's command, with the defaults of its variables."""
    _, line = project.read("Dockerfile").split("\nCMD ")
    _, command = line.replace("\\\n", "").split("; exec ")
    return shlex.split(re.sub(r"\$\{\w+:-(.*?)\}", r"\1", command))


@pytest.mark.parametrize(("server", "layout"), SERVERS_AND_LAYOUTS)
@pytest.mark.parametrize("title", TITLES)
def test_image_runs_the_production_command(bake, title, server, layout):
    answers = {"server": server, "layout": layout, "deploy": "container"}
    project = bake(project_name=title, **answers)
    documented = production_command(project)
    assert documented[:2] == ["uv", "run"]
    words = [re.sub(r"^\[(.+)\]", r"\1", word) for word in cmd(project)]
    assert words == documented[2:]
    assert project.name in words[-1]
    service = yaml.safe_load(project.read("compose.yaml"))["services"]["web"]
    assert not service.keys() & {"command", "entrypoint", "healthcheck", "user"}


def test_build_has_no_arguments(bake):
    # Provenance contains the values of arguments, but only the names of secrets.
    assert not re.search("(?m)^ARG", bake(deploy="container").read("Dockerfile"))


def test_compose_contains_only_texts_as_variables(every_project):
    if every_project.answers["deploy"] == "none":
        return
    services = yaml.safe_load(every_project.read("compose.yaml"))["services"]
    # podman-compose inserts these into other values.
    values = [
        value for each in services.values() for value in each["environment"].values()
    ]
    assert {type(value) for value in values} == {str}


@pytest.mark.parametrize("slug", ["hello-world", "nginx", "redis", "x"])
def test_compose_names_no_public_image(bake, slug):
    project = bake(project_slug=slug, module_name="shop", deploy="container")
    service = yaml.safe_load(project.read("compose.yaml"))["services"]["web"]
    assert service["image"] == f"localhost/{slug}"
    assert service["pull_policy"] == "build"

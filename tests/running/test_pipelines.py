"""The pipeline of a project passes on its first push: every step is run here."""

import re
import shutil
from itertools import product

import pytest
import yaml

from dev import pythons
from dev.commands import SCRIPTS, WINDOWS, outside_path, run, tool
from dev.containers import remove_what_compose_made
from dev.readmes import commands as commands_in
from dev.readmes import in_bash
from dev.servers import free_port
from dev.variants import CHOICES, FULLEST, LAYOUTS, name_of

pytestmark = pytest.mark.skipif(WINDOWS, reason="pipelines run on Linux")

# The largest of each service has the steps of all: see the test below. Nothing else tests
# a package on the oldest and the newest Python.
LARGEST = {
    "github": FULLEST,
    "gitlab": FULLEST | {"ci": "gitlab", "server": "gunicorn"},
}
PACKAGE = FULLEST | {"layout": "package", "deploy": "container"}
SAME_STEPS = pytest.mark.expensive(reason="the largest pipelines have the same steps")


def offline(command):
    """Return ``command`` without the lookup of vulnerabilities, which change daily."""
    return f"{command} --dry-run" if command.startswith('uvx "pip-audit') else command


def steps_of_github(project):
    """Yield the commands of each job, and the Python versions that run them."""
    jobs = yaml.safe_load(project.read(".github/workflows/ci.yml"))["jobs"]
    for job in jobs.values():
        pythons_of_job = job.get("strategy", {"matrix": {"python": [None]}})["matrix"]
        steps = [step for step in job["steps"] if step.get("if") != "failure()"]
        commands = [
            f"export TEST_DATABASE_URL={step['env']['TEST_DATABASE_URL']}\n{step['run']}"
            if "TEST_DATABASE_URL" in step.get("env", {})
            else offline(step["run"])
            for step in steps
            if "run" in step
        ]
        yield commands, pythons_of_job["python"]


def steps_of_gitlab(project):
    """Yield the commands of each job, and the Python versions that run them."""
    jobs = yaml.safe_load(project.read(".gitlab-ci.yml"))
    for name in jobs.keys() - {"workflow", "default", ".docker", "version", "publish"}:
        job = jobs.get(jobs[name].get("extends"), {}) | jobs[name]
        commands = [
            offline(command)
            for key in ("before_script", "script", "after_script")
            for command in job.get(key, [])
        ]
        pythons_of_job = job.get("parallel", {"matrix": [{"PYTHON": [None]}]})["matrix"]
        yield commands, pythons_of_job[0]["PYTHON"]


STEPS = {"github": steps_of_github, "gitlab": steps_of_gitlab}


@pytest.fixture(
    params=[*LARGEST.values(), pytest.param(PACKAGE, marks=SAME_STEPS)], ids=name_of
)
def pipeline_project(bake, request, tmp_path):
    """Return a project for each pipeline, with a unique slug."""
    slug = f"pipeline-{request.param['layout']}-{request.param['ci']}"
    return bake(project_slug=slug, **request.param).copy(tmp_path / slug)


@pytest.fixture
def runner(docker, pipeline_project, tmp_path):
    """Yield the environment variables of a machine with the commands of the steps.

    ``docker`` runs Podman, and ``pip`` installs into a new virtual environment. PORT is
    free, since this machine is shared.
    """
    machine = tmp_path / "machine"
    run(["uv", "venv", "--quiet", "--seed", machine], tmp_path)
    (machine / SCRIPTS / "kubectl").symlink_to(tool("kubectl"))
    yield {"PATH": outside_path(machine / SCRIPTS, docker), "PORT": str(free_port())}
    remove_what_compose_made(pipeline_project)


def on_this_machine(script, request):
    """Return ``script`` with a database and a port of this machine.

    At its end, it stops its background processes, as a runner does.
    """
    for host in re.findall(r"postgresql://postgres(@\w+/)postgres", script):
        port = request.getfixturevalue("database_server").port
        script = script.replace(host, f"@127.0.0.1:{port}/")
    if ":5000/" in script:
        port = free_port()
        script = script.replace(":5000/", f":{port}/")
        script = f"export FLASK_RUN_PORT={port}\n{script}"
    return f"trap 'kill $(jobs -p)' EXIT\n{script}" if "&\n" in script else script


def test_every_step_passes(pipeline_project, runner, python_of, request):
    for commands, versions in STEPS[pipeline_project.answers["ci"]](pipeline_project):
        for version in versions:
            shutil.rmtree(pipeline_project.folder / ".venv", ignore_errors=True)
            python = {"UV_PYTHON": python_of(version)} if version else {}
            run(
                in_bash(on_this_machine("\n".join(commands), request)),
                pipeline_project.folder,
                env=runner | python,
            )


def all_commands(project):
    """Return all commands in the pipeline that ``project`` has."""
    steps = STEPS[project.answers["ci"]](project)
    return {command for commands, _ in steps for command in commands}


@pytest.mark.parametrize("largest", LARGEST.values(), ids=name_of)
def test_largest_pipeline_has_the_steps_of_all(bake, largest):
    for layout, deploy in product(LAYOUTS, CHOICES["deploy"]):
        project = bake(**largest | {"layout": layout, "deploy": deploy})
        assert all_commands(project) <= all_commands(bake(**largest))


@pytest.mark.parametrize("largest", LARGEST.values(), ids=name_of)
def test_pipeline_runs_documented_commands(bake, largest):
    project = bake(**largest)
    documented = commands_in(project.read("README.md") + project.read("DEPLOY.md"))
    others = (
        "pip install ",
        "uv version --short | diff ",
        # Only the weekly run needs these.
        "uv export ",
        'uvx "pip-audit',
        # On PostgreSQL, and against the document of the API.
        "TEST_DATABASE_URL=",
        "export TEST_DATABASE_URL=",
        "uv run flask run &",
        "uv run alembic upgrade head",
    )
    commands = {each.removesuffix(" --dry-run") for each in all_commands(project)}
    assert {each for each in commands if not each.startswith(others)} <= {*documented}


@pytest.mark.parametrize("ci", STEPS)
def test_pipeline_tests_the_oldest_and_the_newest_python(bake, ci):
    tested = [
        versions
        for commands, versions in STEPS[ci](bake(ci=ci))
        if "uv run pytest" in commands
    ]
    assert tested == [[pythons.SUPPORTED[0], pythons.SUPPORTED[-1]]]


@pytest.mark.parametrize("ci", STEPS)
def test_mismatched_image_tag_fails_the_pipeline(bake, ci, tmp_path):
    project = bake(deploy="kubernetes", ci=ci).copy(tmp_path / "hello")
    kubectl = {"PATH": outside_path(tool("kubectl").parent)}
    (script,) = (
        in_bash("\n".join(each for each in commands if "pip" not in each))
        for commands, _ in STEPS[ci](project)
        if any("newTag" in command for command in commands)
    )
    run(script, project.folder, env=kubectl)
    project.change("kubernetes/kustomization.yaml", 'Tag: "0.1.0"', 'Tag: "0.1.1"')
    with pytest.raises(AssertionError, match=r"< 0\.1\.0\n---\n> 0\.1\.1"):
        run(script, project.folder, env=kubectl)


def test_broken_style_fails_the_pipeline(bake, tmp_path):
    project = bake(ci="github").copy(tmp_path / "hello")
    project.view.write_text("import os\n")
    (commands, _), *_ = steps_of_github(project)
    script = in_bash(commands[0])
    with pytest.raises(AssertionError, match="F401"):
        run(script, project.folder)

"""The workflows of the template and of projects are safe, and their references resolve."""

import importlib.util
import re
import shutil

import pytest
import yaml

from dev.commands import LINUX, run
from dev.linters import lint
from dev.targets.actions import ACTION
from dev.variants import CHOICES, TEMPLATE

FILES = sorted((TEMPLATE / ".github").rglob("*.yml"))
WORKFLOWS = {file.stem: file for file in FILES if file.parent.name == "workflows"}


def settings(workflow):
    """Return the parsed file of a workflow."""
    return yaml.safe_load(workflow.read_text(encoding="utf-8"))


def jobs(workflow):
    """Return the jobs of a workflow by name."""
    return settings(workflow)["jobs"]


def scripts():
    """Return the scripts of all steps in the template's workflows, as one text."""
    return "\n".join(
        step.get("run", "")
        for workflow in WORKFLOWS.values()
        for job in jobs(workflow).values()
        for step in job.get("steps", ())
    )


@pytest.fixture(
    params=[*WORKFLOWS.values(), "project-ci", "project-publish"],
    ids=lambda file: getattr(file, "stem", file),
)
def workflow(bake, request):
    """Return the file of a workflow: every one of the template, and of a project."""
    if request.param in WORKFLOWS.values():
        return request.param
    folder = bake(deploy="kubernetes", ci="github").folder / ".github" / "workflows"
    return folder / f"{request.param.removeprefix('project-')}.yml"


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_linters_find_nothing(file, tmp_path):
    path = file.relative_to(TEMPLATE).as_posix()
    lint(path, file.read_text(encoding="utf-8"), tmp_path)


@pytest.mark.parametrize("deploy", CHOICES["deploy"])
def test_action_has_the_same_commit_everywhere(bake, deploy):
    project = bake(deploy=deploy, ci="github").folder / ".github" / "workflows"
    files = [*WORKFLOWS.values(), *project.iterdir()]
    text = "".join(file.read_text(encoding="utf-8") for file in files)
    pins = {(match["repository"], match["commit"]) for match in ACTION.finditer(text)}
    assert pins
    assert len(dict(pins)) == len(pins), pins


def test_superseded_runs_are_cancelled_but_not_publishing(workflow):
    cancelled = settings(workflow)["concurrency"]["cancel-in-progress"]
    assert cancelled is (workflow.stem != "publish")


def test_jobs_have_timeouts(workflow):
    for job in jobs(workflow).values():
        assert "uses" in job or job["timeout-minutes"] <= 90


def test_gate_needs_every_other_job():
    ci = jobs(WORKFLOWS["ci"])
    assert set(ci["gate"]["needs"]) == set(ci) - {"gate"}


def test_release_waits_for_all_of_ci():
    release = jobs(WORKFLOWS["release"])
    called = release["ci"]["uses"].removeprefix("$/")
    assert TEMPLATE / called == WORKFLOWS["ci"]
    assert "workflow_call" in settings(WORKFLOWS["ci"])[True]  # "on" in YAML 1.1
    assert release["publish"]["needs"] == "ci"


def test_runs_of_ci_and_release_do_not_cancel_each_other():
    groups = {settings(file)["concurrency"]["group"] for file in WORKFLOWS.values()}
    assert len(groups) == len(WORKFLOWS)


def test_references_in_steps_resolve():
    named = re.findall(r"\S+/\S+\.(?:py|toml|txt)", scripts())
    assert len(named) >= 3
    assert all(list(TEMPLATE.glob(path)) for path in named)
    modules = re.findall(r"python3? -m (dev\.[\w.]+)", scripts())
    assert {"dev.targets.hello", "dev.targets.release"} <= set(modules)
    assert all(importlib.util.find_spec(module) for module in modules)
    makefile = (TEMPLATE / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"\bmake (\S+)", scripts())
    assert {"actions", "lint", "pins", "test-all"} <= set(targets)
    assert all(f"\n{target}: " in makefile for target in targets)


@pytest.mark.skipif(not LINUX, reason="sed -i needs Linux")
def test_job_for_newest_releases_lifts_every_upper_bound(tmp_path):
    (lift,) = re.findall(r"^sed .*", scripts(), re.MULTILINE)
    paths = ["pyproject.toml", "{{cookiecutter.project_slug}}/pyproject.toml"]
    for path in paths:
        (tmp_path / path).parent.mkdir(exist_ok=True)
        shutil.copy(TEMPLATE / path, tmp_path / path)
    run(["bash", "-c", lift], tmp_path)
    for path in paths:
        before, after = (
            (folder / path).read_text(encoding="utf-8")
            for folder in (TEMPLATE, tmp_path)
        )
        assert re.search(r",<\d", before)
        assert not re.search(r",<\d", after)

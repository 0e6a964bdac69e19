"""The workflows, of the template and of projects, are safe, and run what there is."""

import re

import pytest
import yaml

from dev.linters import lint
from dev.variants import TEMPLATE

FILES = sorted((TEMPLATE / ".github").rglob("*.yml"))
WORKFLOWS = [file for file in FILES if file.parent.name == "workflows"]


def jobs(workflow):
    """Return the jobs of a workflow by name."""
    return yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]


@pytest.fixture(
    params=[*WORKFLOWS, "project"], ids=lambda file: getattr(file, "stem", file)
)
def workflow(bake, request):
    """Return the file of each workflow of the template, and of one of a project."""
    if request.param == "project":
        project = bake(deploy="kubernetes", ci="github")
        return project.folder / ".github" / "workflows" / "ci.yml"
    return request.param


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_linters_find_nothing(file, tmp_path):
    path = file.relative_to(TEMPLATE).as_posix()
    lint(path, file.read_text(encoding="utf-8"), tmp_path)


def test_actions_are_those_that_projects_get(bake):
    theirs = bake(ci="github").read(".github/workflows/ci.yml")
    uses = re.compile(r"uses: (\S+)@([0-9a-f]{40}) # (v[\d.]+)")
    pins = {name: rest for name, *rest in uses.findall(theirs)}
    assert len(pins) == 2
    for workflow in WORKFLOWS:
        ours = uses.findall(workflow.read_text(encoding="utf-8"))
        assert {name: rest for name, *rest in ours}.items() >= pins.items()


def test_superseded_runs_are_cancelled(workflow):
    settings = yaml.safe_load(workflow.read_text(encoding="utf-8"))
    assert settings["concurrency"]["cancel-in-progress"] is True


def test_jobs_end_in_time_and_may_do_nothing_but_read(workflow):
    for job in jobs(workflow).values():
        assert job["timeout-minutes"] <= 90
        assert job["permissions"].items() <= {"contents": "read"}.items()


def test_no_checkout_leaves_its_token_behind(workflow):
    checkouts = [
        step
        for job in jobs(workflow).values()
        for step in job["steps"]
        if step.get("uses", "").startswith("actions/checkout@")
    ]
    assert checkouts
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


def test_gate_needs_every_other_job():
    (ci,) = [workflow for workflow in WORKFLOWS if workflow.stem == "ci"]
    others = set(jobs(ci)) - {"gate"}
    assert set(jobs(ci)["gate"]["needs"]) == others


def test_every_file_that_a_step_names_is_there():
    steps = [
        step.get("run", "")
        for workflow in WORKFLOWS
        for job in jobs(workflow).values()
        for step in job["steps"]
    ]
    named = re.findall(r"\S+/\S+\.(?:py|toml)", " ".join(steps))
    assert len(named) >= 3
    assert all(list(TEMPLATE.glob(path)) for path in named)

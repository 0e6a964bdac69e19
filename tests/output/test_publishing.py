"""Only a tag that is pushed publishes an image."""

import re

import pytest
import yaml

TAG = {"CI_COMMIT_TAG": "v0.1.0"}
BRANCH = {"CI_COMMIT_BRANCH": "main"}
MERGE_REQUEST = {"CI_MERGE_REQUEST_IID": "1"}
ALWAYS = {"test", "manifests"}
PIPELINES = {
    "push a tag": (TAG | {"source": "push"}, ALWAYS | {"version", "publish"}),
    "schedule for a tag": (
        TAG | {"source": "schedule"},
        ALWAYS | {"audit", "container"},
    ),
    "run for a tag": (TAG | {"source": "web"}, ALWAYS | {"container"}),
    "push a branch": (BRANCH | {"source": "push"}, ALWAYS | {"container"}),
    "schedule": (BRANCH | {"source": "schedule"}, ALWAYS | {"audit", "container"}),
    "merge": (
        MERGE_REQUEST | {"source": "merge_request_event"},
        ALWAYS | {"container"},
    ),
}


def holds(condition, variables):
    """Return whether the condition of a GitLab rule holds.

    It knows what our pipelines use: variables, ``==``, ``=~`` and ``&&``.
    """
    for part in condition.split(" && "):
        found = re.fullmatch(r'\$(\w+)(?: == "(.+)"| =~ /(.+)/)?', part)
        assert found, part
        name, text, pattern = found.groups()
        value = variables.get(name, "")
        fits = text in (None, value) and re.search(pattern or "", value)
        if not value or not fits:
            return False
    return True


def runs(rules, variables):
    """Return whether the first rule that holds lets a job or a pipeline run."""
    for rule in rules:
        if holds(rule["if"], variables) if "if" in rule else True:
            return rule.get("when") != "never"
    return False


@pytest.mark.parametrize("event", PIPELINES)
def test_jobs_of_each_pipeline_on_gitlab(bake, event):
    project = bake(ci="gitlab", deploy="kubernetes")
    jobs = yaml.safe_load(project.read(".gitlab-ci.yml"))
    given, expected = PIPELINES[event]
    variables = {**given, "CI_PIPELINE_SOURCE": given["source"]}
    assert runs(jobs.pop("workflow")["rules"], variables)
    started = {
        name
        for name, job in jobs.items()
        if "script" in job and runs(job.get("rules", [{}]), variables)
    }
    assert started == expected


def test_one_workflow_on_github_publishes_and_only_for_a_pushed_tag(bake):
    project = bake(ci="github", deploy="kubernetes")
    workflows = {
        path: project.read(path)
        for path in project.files()
        if path.startswith(".github/workflows/")
    }
    writes = {path for path, text in workflows.items() if ": write" in text}
    assert writes == {".github/workflows/publish.yml"}
    # YAML 1.1 reads the key "on" as true.
    triggers = yaml.safe_load(workflows[".github/workflows/publish.yml"])[True]
    assert triggers == {"push": {"tags": ["v*"]}}


def test_workflow_is_called_in_the_form_that_every_server_knows(bake):
    project = bake(ci="github", deploy="container")
    publish = yaml.safe_load(project.read(".github/workflows/publish.yml"))
    called = publish["jobs"]["ci"]["uses"]
    assert called.startswith("./")
    assert called.removeprefix("./") in project.files()

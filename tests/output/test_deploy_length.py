"""DEPLOY.md is short: an operator reads it whole."""

LONGEST = {"none": 133, "container": 180, "kubernetes": 354}


def test_guide_is_short(every_project):
    lines = every_project.read("DEPLOY.md").splitlines()
    assert len(lines) <= LONGEST[every_project.answers["deploy"]]

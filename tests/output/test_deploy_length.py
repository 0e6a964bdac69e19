"""DEPLOY.md is short: an operator reads it whole."""

LONGEST = {"none": 145, "container": 230, "kubernetes": 360}


def test_guide_is_short(every_project):
    lines = every_project.read("DEPLOY.md").splitlines()
    assert len(lines) <= LONGEST[every_project.answers["deploy"]]

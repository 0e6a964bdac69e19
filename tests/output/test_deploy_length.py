"""DEPLOY.md is short: an operator reads it whole."""

LONGEST = {"none": 95, "container": 126, "kubernetes": 275}
# The sections about the database and its migrations.
DATABASE = 40


def test_guide_is_short(every_project):
    lines = every_project.read("DEPLOY.md").splitlines()
    longest = LONGEST[every_project.answers["deploy"]]
    if every_project.answers["layout"] == "service":
        longest += DATABASE
    assert len(lines) <= longest

"""``make actions`` renews every action and range, from releases that are a week old."""

import hashlib
import sys

import pytest

from dev.commands import attempt, run
from dev.projects import Project, copy_template
from dev.targets.actions import ACTION, RANGE, distribution, pinning, with_ranges

PROGRAM = [sys.executable, "-m", "dev.targets.actions"]


@pytest.fixture
def template_copy(tmp_path):
    """Return a copy of the template."""
    return Project(copy_template(tmp_path / "flask-hello"))


def actions_in(project):
    """Return the commits and releases that its files pin, by repository."""
    found = {}
    for text in pinning(project.folder).values():
        for match in ACTION.finditer(text):
            pins = found.setdefault(match["repository"], set())
            pins.add((match["commit"], match["release"]))
    return found


@pytest.mark.slow
@pytest.mark.expensive(reason="it depends on new releases, not on a change here")
def test_every_action_gets_the_newest_release_that_is_a_week_old(api, template_copy):
    before = actions_in(template_copy)
    address = api(
        {"tag_name": "v9.1.0", "days": 8},  # Of an older series, but published later.
        {"tag_name": "v98.0.1", "days": 400},
        {"tag_name": "v98.1.0", "days": 6},
        {"tag_name": "v99.0.0", "draft": True},
        {"tag_name": "v99.0.0", "prerelease": True},
        {"tag_name": "v99"},
    )
    run(PROGRAM, template_copy.folder, env={"GITHUB_API_URL": address})
    after = actions_in(template_copy)
    assert after.keys() == before.keys()
    commit = hashlib.sha1(b"v98.0.1").hexdigest()  # noqa: S324
    assert {pin for pins in after.values() for pin in pins} == {(commit, "v98.0.1")}


@pytest.mark.slow
@pytest.mark.expensive(reason="it depends on new releases, not on a change here")
def test_no_action_gets_an_older_release(api, template_copy):
    before = actions_in(template_copy)
    address = api({"tag_name": "v0.0.1"})
    run(PROGRAM, template_copy.folder, env={"GITHUB_API_URL": address})
    assert actions_in(template_copy) == before


@pytest.mark.parametrize(
    ("releases", "status"),
    [
        ([], 200),
        ([{"tag_name": "v1.0.0", "days": 1}], 200),
        ([{"tag_name": None}], 200),
        ([], 403),
        ([], 404),
        ([], None),  # No server answers.
    ],
)
def test_failed_look_up_changes_nothing(api, template_copy, releases, status):
    address = api(*releases, status=status) if status else "http://127.0.0.1:9"
    before = pinning(template_copy.folder)
    result = attempt(PROGRAM, template_copy.folder, env={"GITHUB_API_URL": address})
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("ERROR: ")
    assert pinning(template_copy.folder) == before


@pytest.mark.parametrize(
    ("text", "version", "expected"),
    [
        ('"uv>=0.13,<1"', "0.99.3", '"uv>=0.13,<1"'),
        ('"uv>=0.13,<1"', "1.2.3", '"uv>=1.2,<2"'),
        ('"uv>=0.13,<0.14"', "0.15.2", '"uv>=0.15,<0.16"'),
        ('version: ">=0.13,<1"', "1.2.3", 'version: ">=1.2,<2"'),
        ('"flit_core>=3.11,<4"', "4.2.0", '"flit_core>=4.2,<5"'),
        ("ruff>=0.17,<1,!=0.17.3", "1.0", "ruff>=1.0,<2,!=0.17.3"),
    ],
)
def test_range_admits_the_newest_version(text, version, expected):
    names = {distribution(match["name"]) for match in RANGE.finditer(text)}
    assert with_ranges(text, dict.fromkeys(names, version)) == expected

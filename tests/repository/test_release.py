"""``make release`` releases, or prints the reason in one line and changes nothing."""

import datetime
import re
import shutil
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from dev.commands import WINDOWS, attempt, run
from dev.projects import Project, commit_all
from dev.targets.release import (
    CHANGELOG,
    UNRELEASED,
    VERSIONS,
    ReleaseError,
    sections,
    three_numbers,
    with_version,
)
from dev.values import VERSION
from dev.variants import TEMPLATE

pytestmark = pytest.mark.usefixtures("git")
NOTES = "- Projects fly.\n\n### Changed\n\n- They land, too."
CURRENT = "1.2.0"
OURS, RECORD, *PAGES = VERSIONS
OLD = f"## {CURRENT} (2026-01-31)\n\n- Old.\n"
NEWS = f"# Changelog\n\nNews.\n\n{UNRELEASED}\n{NOTES}\n\n{OLD}"


@pytest.fixture
def repository(home, tmp_path):
    """Return a repository with the files of a release and notes for the next one."""
    folder = tmp_path / "flask-hello"
    needed = (".gitignore", "dev/targets/release.py")
    for path in (*VERSIONS, *map(Path, needed)):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(TEMPLATE / path, folder / path)
    for path in VERSIONS:
        text = with_version(folder, path, CURRENT)
        (folder / path).write_text(text, encoding="utf-8")
    (folder / CHANGELOG).write_text(NEWS, encoding="utf-8")
    run(["git", "init", "--quiet", "--initial-branch=main"], folder)
    commit_all(folder)
    return folder


def release(folder, *arguments):
    """Run the program in ``folder`` and return the CompletedProcess."""
    return attempt([sys.executable, "-m", "dev.targets.release", *arguments], folder)


def state(folder):
    """Return what a release changes: commits, tags, and files."""
    commands = ("show-ref", "branch", "status --porcelain", "diff HEAD")
    return [attempt(["git", *command.split()], folder).stdout for command in commands]


def change(folder, path, old, new):
    """Replace ``old`` with ``new`` in the file ``path`` and commit the change."""
    Project(folder).change(path, old, new)
    commit_all(folder)


def reject_commits(folder):
    """Add a hook to the repository that rejects commits."""
    hook = folder / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text("#!/bin/sh\necho no >&2\nexit 1\n", encoding="utf-8")
    hook.chmod(0o755)


OBSTACLES = {
    "dirty": lambda folder: (folder / CHANGELOG).write_text(NEWS + "- More.\n"),
    "untracked": lambda folder: (folder / "new.py").write_text(""),
    "branch": lambda folder: run(["git", "switch", "--create", "topic"], folder),
    "detached": lambda folder: run(["git", "switch", "--detach"], folder),
    "tagged": lambda folder: run(["git", "tag", "v1.3.0"], folder),
    "tag like a folder": lambda folder: run(["git", "tag", "v1.3.0/x"], folder),
    "no notes": lambda folder: change(folder, CHANGELOG, NOTES, ""),
    "no section": lambda folder: change(folder, CHANGELOG, UNRELEASED, "## News\n"),
    "two versions": lambda folder: change(
        folder, OURS, "[project]", '[tool.x]\nversion = "1.2.0"\n\n[project]'
    ),
    "no record": lambda folder: change(folder, RECORD, "version", "edition"),
    "hook": reject_commits,
}


@pytest.mark.parametrize(
    "version", ["1.3", "v1.3.0", "1.3.0rc1", "1.3.0\n", "01.3.0", "1.٣.0"]
)
def test_version_has_three_plain_numbers(version):
    with pytest.raises(ReleaseError):
        three_numbers(version)


def expect_rejection(folder, version, begins):
    """Assert that a release is rejected in a line that ``begins`` so, and changes nothing."""
    before = state(folder)
    result = release(folder, version)
    assert (result.returncode, result.stdout) == (1, "")
    (line,) = result.stderr.splitlines()
    assert line.startswith(begins)
    assert state(folder) == before


@pytest.mark.parametrize("obstacle", OBSTACLES)
def test_obstacle_is_named_in_a_line_and_nothing_changes(repository, obstacle):
    OBSTACLES[obstacle](repository)
    expect_rejection(repository, "1.3.0", "ERROR: ")


@pytest.mark.parametrize("version", ["", CURRENT, "1.1.10"])
def test_version_that_cannot_be_next_is_rejected(repository, version):
    expect_rejection(repository, version, "ERROR: version ")


def test_release_is_a_commit_with_a_tag(repository):
    before = run(["git", "rev-parse", "HEAD"], repository)
    result = release(repository, "1.10.0")
    assert (result.returncode, result.stderr) == (0, "")
    assert "v1.10.0" in result.stdout
    assert "git push --follow-tags" in result.stdout
    assert run(["git", "cat-file", "-t", "v1.10.0"], repository) == "tag\n"
    tagged = run(["git", "log", "--format=%s", "v1.10.0", "-2"], repository)
    assert tagged == "Release 1.10.0\nChange\n"
    assert run(["git", "rev-parse", "v1.10.0~1", "main~1"], repository) == before * 2
    assert run(["git", "status", "--porcelain"], repository) == ""
    changed = run(["git", "diff", "--numstat", "v1.10.0~1", "v1.10.0"], repository)
    paths = [path.strip('"') for path in re.findall(r"\t\d+\t(.+)", changed)]
    assert sorted(paths) == sorted(map(str, [CHANGELOG, *VERSIONS]))


def test_release_sets_the_version_and_moves_the_notes(repository):
    release(repository, "1.3.0")
    ours, theirs, *pages, text = (
        (repository / path).read_text(encoding="utf-8")
        for path in (*VERSIONS, CHANGELOG)
    )
    assert tomllib.loads(ours)["project"]["version"] == "1.3.0"
    for page in pages:
        assert set(re.findall(r"(?:checkout |CHECKOUT=)v([\d.]+)", page)) == {"1.3.0"}
    assert theirs.count('  "version": "1.3.0",\n') == 1
    assert sections(text) == {"Unreleased": "", "1.3.0": NOTES, "1.2.0": "- Old."}
    assert f"\n## 1.3.0 ({datetime.date.today().isoformat()})\n" in text
    assert "no notes" in release(repository, "1.4.0").stderr


@pytest.mark.skipif(WINDOWS, reason="the workflow runs on Linux")
def test_workflow_publishes_the_notes_of_the_tag(repository):
    workflow = TEMPLATE / ".github" / "workflows" / "release.yml"
    settings = yaml.safe_load(workflow.read_text(encoding="utf-8"))
    (step,) = (
        step["run"]
        for step in settings["jobs"]["publish"]["steps"]
        if "dev.targets.release" in step.get("run", "")
    )
    release(repository, "1.3.0")
    script = ["bash", "-euc", step.replace("python3", sys.executable)]
    run(script, repository, env={"GITHUB_REF_NAME": "v1.3.0"})
    assert (repository / "notes.md").read_text(encoding="utf-8") == f"{NOTES}\n"
    missing = attempt(script, repository, env={"GITHUB_REF_NAME": "v1.4.0"})
    assert missing.returncode == 1


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_commands_check_out_the_version(page):
    assert with_version(TEMPLATE, page, VERSION) == (TEMPLATE / page).read_text("utf-8")


def test_no_notes_are_newer_than_the_version():
    names = [*sections((TEMPLATE / CHANGELOG).read_text(encoding="utf-8"))]
    assert names[0] == "Unreleased"
    versions = [three_numbers(name) for name in (VERSION, *names[1:])]
    assert versions[1:] == sorted(set(versions[1:]), reverse=True)
    assert max(versions) == versions[0]

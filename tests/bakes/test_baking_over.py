"""Baking over a project replaces the bake's own files and no others."""

import pytest

from dev.projects import Project
from dev.variants import COVERING, FULLEST, NAMES, QUESTIONS, name_of

OPTIONS = pytest.mark.parametrize("skip", [False, True], ids=["-f", "-f -s"])
MINE = b"mine\r\n"


def fill(project, paths):
    """Write files to ``paths`` that only their owner can read."""
    for path in paths:
        file = project.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(MINE)
        file.chmod(0o600)


def kept(project):
    """Return the paths of the files that have not changed since ``fill``."""
    return {
        path
        for path in project.files()
        if (project.folder / path).read_bytes() == MINE
        and (project.folder / path).stat().st_mode & 0o077 == 0
    }


@pytest.fixture
def named_project(tmp_path):
    """Return a Project whose folder does not exist yet."""
    return Project(tmp_path / NAMES["usual"]["project_slug"])


@OPTIONS
@pytest.mark.parametrize("variant", COVERING, ids=name_of)
def test_files_of_other_answers_are_kept(bake, bake_over, named_project, variant, skip):
    same_layout = {**FULLEST, "layout": variant["layout"]}
    every = bake(**NAMES["usual"], **same_layout).files() | set(
        QUESTIONS["_files"]["gitlab"]
    )
    every |= {"mine.txt", "src/_/mine", "kubernetes/mine.yaml"}
    pristine = bake(**NAMES["usual"], **variant)
    # With -s, only missing files are written: half of them.
    written = set(sorted(pristine.files())[::2]) if skip else pristine.files()
    fill(named_project, every - written if skip else every)
    bake_over(named_project.folder.parent, {**NAMES["usual"], **variant}, skip)
    assert named_project.files() - kept(named_project) == written
    assert all(named_project.read(path) == pristine.read(path) for path in written)


def test_folders_of_the_owner_are_kept(bake_over, named_project):
    folders = [
        named_project.folder / path for path in ("data", "src/data", ".github/data")
    ]
    for folder in folders:
        folder.mkdir(parents=True)
    bake_over(named_project.folder.parent, NAMES["usual"])
    assert all(folder.is_dir() for folder in folders)

"""Links and other obstacles to a bake over a project are rejected and kept."""

import os
import shutil
import sys
from itertools import product
from pathlib import Path

import pytest
from cookiecutter.exceptions import FailedHookException

from dev.commands import COOKIECUTTER, WINDOWS, attempt
from dev.messages import problems_in
from dev.rules import written
from dev.variants import FULLEST, LAYOUTS, SMALLEST, TEMPLATE
from hooks.pre_gen_project import why_not_written

NAMES = {"project_slug": "hello", "module_name": "hello"}
# Paths of the fullest variant; test_files.py checks that the hook knows all of them.
FOLDERS = [".github", "kubernetes", "src", "src/hello/static", "tests"]
FILES = [
    ".flaskenv",
    ".github/workflows/ci.yml",
    "LICENSE",
    "kubernetes/service.yaml",
    "migrations/versions/0001_greetings.py",
    "src/hello/greetings.py",
    "tests/conftest.py",
]
MOVE_IT_AWAY = "; move it away, or bake into another folder."
WRITES_THROUGH = f" is a link, and the bake would write through it{MOVE_IT_AWAY}"
OPTIONS = pytest.mark.parametrize("skip", [False, True], ids=["-f", "-f -s"])
NOT_FOR_ROOT = pytest.mark.skipif(
    not WINDOWS and os.geteuid() == 0, reason="root may read and write everything"
)
LINUX_ONLY = pytest.mark.skipif(WINDOWS, reason="Windows needs privileges for links")


def everything(folder):
    """Return each path below ``folder``, with its kind and content."""
    return {
        path: path.readlink()
        if path.is_symlink()
        else path.is_file() and (path.read_bytes(), path.stat().st_mode)
        for path in folder.rglob("*")
    }


@pytest.fixture
def rejected(tmp_path, capfd, bake_over):
    """Return a function that bakes over the project and returns the hook's problems.

    It asserts a rejection, and unchanged files in the project and outside.
    """

    def rejected(skip=False, **answers):
        before = everything(tmp_path)
        given = {**NAMES, **SMALLEST, **answers}
        with pytest.raises(FailedHookException):
            bake_over(tmp_path / "output", given, skip)
        assert everything(tmp_path) == before
        return problems_in(capfd.readouterr().err.splitlines())

    return rejected


@pytest.fixture
def project(tmp_path):
    """Create and return an empty project folder, with other files outside."""
    for path in ("outside/file", "outside/folder/file"):
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_text("theirs")
    folder = tmp_path / "output" / "hello"
    folder.mkdir(parents=True)
    return folder


@pytest.fixture
def place(project):
    """Return a function that creates the parents of a path in the project."""

    def place(path):
        (project / path).parent.mkdir(parents=True, exist_ok=True)
        return project / path

    return place


@LINUX_ONLY
@OPTIONS
@pytest.mark.parametrize("path", [*FOLDERS, *FILES])
def test_link_out_of_the_project_is_rejected_in_one_line(
    tmp_path, place, rejected, path, skip
):
    what = "folder" if path in FOLDERS else "file"
    place(path).symlink_to(tmp_path / "outside" / what)
    assert rejected(skip, **FULLEST) == [path + WRITES_THROUGH]


@LINUX_ONLY
@pytest.mark.parametrize("target", ["../" * 5 + "nothing", "mine.md", "/dev/full"])
def test_any_link_is_rejected_one_per_line(place, rejected, target):
    place("mine.md").write_text("mine")
    for path in ("LICENSE", "README.md"):
        place(path).symlink_to(target)
    assert sorted(rejected(license="MIT")) == [
        path + WRITES_THROUGH for path in ("LICENSE", "README.md")
    ]


@LINUX_ONLY
def test_link_as_project_folder_is_rejected(tmp_path, project, rejected):
    project.rmdir()
    project.symlink_to(tmp_path / "outside" / "folder")
    assert rejected() == ["hello" + WRITES_THROUGH]


@LINUX_ONLY
def test_output_folder_can_be_a_link(tmp_path, bake_over, project):
    (tmp_path / "link").symlink_to("output")
    baked = bake_over(tmp_path / "link", {**NAMES, **SMALLEST})
    assert "hello.py" in baked.files()
    assert (project / "hello.py").exists()


@LINUX_ONLY
def test_other_links_are_kept(bake_over, place, tmp_path):
    links = {
        ".venv/bin/python": sys.executable,
        "node_modules/shared": tmp_path / "outside" / "folder",
        "src/hello/static/uploads": tmp_path / "outside" / "folder",
        "LICENSE": tmp_path / "outside" / "file",
        "notes": tmp_path / "nothing",
    }
    for path, target in links.items():
        place(path).symlink_to(target)
    before = everything(tmp_path / "outside")
    answers = {**NAMES, **SMALLEST, "layout": "package"}
    project = bake_over(tmp_path / "output", answers)
    assert everything(tmp_path / "outside") == before
    for path, target in links.items():
        assert (project.folder / path).readlink() == Path(target)


@pytest.mark.skipif(WINDOWS, reason="Windows has no named pipes in folders")
def test_named_pipe_in_place_of_a_file_is_rejected(place, rejected):
    os.mkfifo(place("pyproject.toml"))
    (line,) = rejected()
    assert line.startswith("pyproject.toml exists but is not a file")


@pytest.mark.parametrize("path", FILES)
def test_folder_in_place_of_a_file_is_rejected(place, rejected, path):
    place(path).mkdir()
    (line,) = rejected(**FULLEST)
    assert line == f"{path} exists but is not a file{MOVE_IT_AWAY}"


@pytest.mark.parametrize("path", written({**NAMES, **SMALLEST})[0])
def test_file_in_place_of_a_folder_is_rejected(place, rejected, path):
    place(path).touch()
    (line,) = rejected()
    assert line == f"{path} exists but is not a folder{MOVE_IT_AWAY}"


@NOT_FOR_ROOT
@pytest.mark.parametrize("path", ["README.md", "hello.py"])
def test_read_only_file_is_rejected(place, rejected, path):
    place(path).touch(0o444)
    assert rejected() == [f"{path} is not writable{MOVE_IT_AWAY}"]


@NOT_FOR_ROOT
@pytest.mark.skipif(WINDOWS, reason="Windows has other permissions")
@pytest.mark.parametrize("path", [".", "tests"])
def test_folder_that_cannot_be_listed_is_rejected(place, rejected, path):
    place("tests").mkdir()
    place(path).chmod(0o333)
    (line,) = rejected()
    place(path).chmod(0o755)
    assert line.endswith(f" is not readable and writable{MOVE_IT_AWAY}")


@pytest.mark.parametrize("name", ["{{7*7}}", "a{% b", "{#"])
def test_path_that_would_run_as_code_is_rejected(tmp_path, name):
    (tmp_path / name).mkdir()
    bake = [*COOKIECUTTER, "--no-input", TEMPLATE]
    for options, folder in ([], tmp_path / name), (["--output-dir", name], tmp_path):
        result = attempt([*bake, *options], folder)
        line = result.stderr.splitlines()[0]
        assert line.startswith("ERROR: ")
        assert line.endswith(" would run as code; bake into another folder.")
        assert result.returncode == 1
        assert [*tmp_path.rglob("*")] == [tmp_path / name]


@pytest.mark.skipif(
    not hasattr(os.path, "isjunction") or not WINDOWS,
    reason="only Windows has junctions, and only Python 3.12 recognizes them",
)
def test_junction_counts_as_a_link(tmp_path, monkeypatch):
    import _winapi

    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    vars(_winapi)["CreateJunction"](
        str(tmp_path / "folder"), str(tmp_path / "junction")
    )
    assert "is a link" in why_not_written("junction", is_folder=True)


@pytest.mark.parametrize(
    ("layout", "path"),
    [
        ("module", "src/hello/__init__.py"),
        ("module", "src/hello/models.py"),
        ("module", "src/hello.py"),
        ("module", "hello/file"),
        ("package", "hello.py"),
        ("package", "src/hello.py"),
        ("package", "hello/__init__.py"),
    ],
)
@OPTIONS
def test_second_app_is_rejected_in_one_line(place, rejected, layout, path, skip):
    place(path).write_text("mine")
    app = path if path.endswith("hello.py") else path.rpartition("/")[0]
    assert rejected(skip, layout=layout) == [
        f"{app} would be a second app, and the project could not be built{MOVE_IT_AWAY}"
    ]


@pytest.mark.parametrize(
    ("layout", "other"),
    [each for each in product(LAYOUTS, repeat=2) if each.count("module") == 1],
)
def test_app_of_the_other_layout_is_rejected(bake, project, rejected, layout, other):
    shutil.copytree(bake(layout=other).folder, project, dirs_exist_ok=True)
    (line,) = rejected(layout=layout)
    assert line.startswith("hello.py " if other == "module" else "src/hello ")


def test_bake_of_a_service_over_a_package_keeps_its_pages(bake, bake_over, tmp_path):
    package = bake(layout="package").copy(tmp_path / "hello")
    project = bake_over(tmp_path, {**NAMES, "layout": "service"})
    assert project.files() == package.files() | bake(layout="service").files()
    assert project.read("src/hello/views.py") == package.read("src/hello/views.py")


def test_all_obstacles_and_rejected_answers_are_reported_at_once(place, rejected):
    place("README.md").mkdir()
    place("class.py").mkdir()
    lines = rejected(module_name="class")
    assert [line.split()[0] for line in lines] == [
        "module_name",
        "README.md",
        "class.py",
    ]

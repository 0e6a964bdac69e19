"""The hooks: their imports, removals, output and leftovers."""

import ast
import os
import subprocess
import sys
from contextlib import nullcontext

import pytest
from cookiecutter.exceptions import FailedHookException

from dev.commands import attempt, run
from dev.projects import bake_in_process
from dev.variants import TEMPLATE
from hooks.post_gen_project import FOLDERS, next_steps, remove_empty_folders

HOOKS = sorted((TEMPLATE / "hooks").glob("*.py"))


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.stem)
def test_importing_a_hook_loads_no_other_module(hook):
    program = (
        "import sys; before = set(sys.modules);"
        f"sys.path.insert(0, {str(hook.parent)!r}); import {hook.stem};"
        "print(*sorted(set(sys.modules) - before))"
    )
    modules = run([sys.executable, "-c", program], hook.parent).split()
    assert modules == [hook.stem]


def imported(hook):
    """Return the names of all modules that ``hook`` imports anywhere."""
    names = set()
    for node in ast.walk(ast.parse(hook.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module)
    return names


@pytest.fixture
def hostile(tmp_path, monkeypatch):
    """Shadow every module that a hook imports, in each folder that Python could search.

    Return a function that returns a line for every file that has run.
    """
    ran = tmp_path / "ran"
    for name in ("temporary", "path", "hello"):
        folder = tmp_path / name
        folder.mkdir()
        for module in set().union(*map(imported, HOOKS)):
            text = f"open({str(ran)!r}, 'a').write('{module} in {name}\\n')\n"
            (folder / f"{module}.py").write_text(text)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    # An empty entry is the current folder, for a hook the project's.
    path = [str(tmp_path / "path"), "", "."]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(path))
    monkeypatch.delenv("PYTHONSAFEPATH", raising=False)
    return lambda: ran.read_text() if ran.exists() else ""


@pytest.mark.parametrize("safe_path", [False, True])
@pytest.mark.parametrize(
    "module_name", ["hello", "\N{LATIN SMALL LIGATURE FL}ask", "caf\xe9"]
)
def test_no_foreign_module_is_imported(
    tmp_path, hostile, monkeypatch, module_name, safe_path
):
    if safe_path:
        monkeypatch.setenv("PYTHONSAFEPATH", "1")
    rejected = not module_name.isascii()
    with pytest.raises(FailedHookException) if rejected else nullcontext():
        answers = {"module_name": module_name}
        bake_in_process(tmp_path, answers, overwrite_if_exists=True)
    assert hostile() == ""


def test_hostile_modules_would_run(tmp_path, hostile):
    script = tmp_path / "temporary" / "script.py"
    script.write_text("import unicodedata")
    subprocess.run([sys.executable, script], check=True, cwd=tmp_path / "hello")
    # Python does not search for unicodedata where it is built in.
    found = "unicodedata" not in sys.builtin_module_names
    assert hostile() == "unicodedata in temporary\n" * found


FIRST_HOOK = TEMPLATE / "hooks" / "pre_gen_project.py"
# Runs the file that its argument names, as Python 3.9 would.
AS_OLD_PYTHON = """
import runpy, sys
sys.version_info = (3, 9, 20)
runpy.run_path(sys.argv[1])
"""


@pytest.mark.parametrize("minor", [8, 9])
def test_old_python_can_parse_the_first_hook(minor):
    ast.parse(FIRST_HOOK.read_text(encoding="utf-8"), feature_version=(3, minor))


def test_old_python_ends_with_a_line_before_anything_that_it_lacks(tmp_path):
    hook = tmp_path / "hook.py"
    text = FIRST_HOOK.read_text(encoding="utf-8")
    before, found, _ = text.partition("\nAnswers = ")
    assert found
    # Everything after the check would fail.
    hook.write_text(f"{before}\n1 / 0\n", encoding="utf-8")
    result = attempt([sys.executable, "-c", AS_OLD_PYTHON, hook], tmp_path)
    assert result.returncode == 1
    assert result.stderr.startswith("ERROR: ")
    assert len(result.stderr.splitlines()) == 1
    assert not hook.exists()


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.stem)
def test_unrendered_hook_does_nothing(hook, tmp_path):
    copy = tmp_path / hook.name
    copy.write_bytes(hook.read_bytes())
    assert attempt([sys.executable, copy], tmp_path).returncode == 1
    assert [path.name for path in tmp_path.iterdir()] == [hook.name]


def test_bake_leaves_no_temporary_file(cookies, temporary_folder):
    assert cookies.bake(template=str(TEMPLATE)).exit_code == 0
    assert list(temporary_folder.iterdir()) == []


def test_only_empty_folders_of_the_template_are_removed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in FOLDERS:
        (tmp_path / folder.format(package="shop")).mkdir(parents=True, exist_ok=True)
    for folder in ("mine", "mine/kubernetes"):
        (tmp_path / folder).mkdir()
    for file in ("src/mine.py", ".github/CODEOWNERS"):
        (tmp_path / file).touch()
    remove_empty_folders("shop")
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    kept = {"mine", "mine/kubernetes", "src", "src/mine.py", "src/shop"}
    assert left == {*kept, ".github", ".github/CODEOWNERS"}


def next_steps_of(**answers):
    """Return the next steps of the default project, with ``answers``."""
    return next_steps({"project_name": "Hello", "project_slug": "hello", **answers})


@pytest.mark.parametrize("tools", [["uv"], []], ids=["uv", "no uv"])
@pytest.mark.parametrize("title", ["Hello", "x" * 50, "x" * 51, "Café"])
def test_next_steps_fit_a_terminal(monkeypatch, path_with, tmp_path, title, tools):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PWD", str(tmp_path.parent))
    monkeypatch.setenv("PATH", path_with(*tools))
    steps = next_steps_of(project_name=title)
    assert steps.isascii()
    assert len(steps.splitlines()) <= 7
    assert max(map(len, steps.splitlines())) < 80
    assert steps.endswith(" .flask-hello.json.\n")
    assert steps.startswith(f"{title} ") == (title in ("Hello", "x" * 50))
    assert ("uv run" in steps) == bool(tools)


def test_next_steps_name_the_folder(monkeypatch, tmp_path):
    folder = tmp_path / "hello"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PWD", str(tmp_path))
    assert "    cd hello\n" in next_steps_of()
    monkeypatch.setenv("PWD", str(folder))
    assert f"    cd {folder}\n" in next_steps_of()
    spaced = tmp_path / "my projects"
    spaced.mkdir()
    monkeypatch.delenv("PWD")
    monkeypatch.chdir(spaced)
    assert " cd " not in next_steps_of()
    assert next_steps_of().splitlines()[0].endswith((" hello.", " hello:"))

"""The hooks themselves: what they import, remove, print and leave."""

import sys

import pytest

from dev.commands import attempt, run
from dev.variants import TEMPLATE, VARIANTS, name_of
from hooks.post_gen_project import FOLDERS, next_steps, remove_empty_folders

HOOKS = sorted(path for path in (TEMPLATE / "hooks").iterdir() if path.is_file())


def test_there_are_two_hooks():
    assert [hook.stem for hook in HOOKS] == ["post_gen_project", "pre_gen_project"]


@pytest.mark.parametrize("hook", HOOKS, ids=lambda hook: hook.stem)
def test_imports_the_standard_library_only_and_nothing_slow(hook):
    program = (
        "import sys; before = set(sys.modules);"
        f"sys.path.insert(0, {str(hook.parent)!r}); import {hook.stem};"
        "print(*sorted(set(sys.modules) - before))"
    )
    modules = run([sys.executable, "-c", program], hook.parent).split()
    assert set(modules) <= {hook.stem, "keyword", "unicodedata"}


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
        (tmp_path / folder).mkdir(parents=True, exist_ok=True)
    for folder in ("mine", "mine/kubernetes"):
        (tmp_path / folder).mkdir()
    for file in ("src/mine.py", ".github/CODEOWNERS"):
        (tmp_path / file).touch()
    remove_empty_folders()
    left = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    kept = {"mine", "mine/kubernetes", "src", "src/mine.py"}
    assert left == {*kept, ".github", ".github/CODEOWNERS"}


@pytest.mark.parametrize("variant", VARIANTS, ids=name_of)
def test_next_steps_fit_a_terminal(variant, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PWD", str(tmp_path.parent))
    steps = next_steps({"project_slug": "hello", "module_name": "hello", **variant})
    assert steps.isascii()
    assert len(steps.splitlines()) <= 5
    assert max(map(len, steps.splitlines())) < 80
    assert steps.endswith("\n")


def test_next_steps_go_to_the_project(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    answers = {"project_slug": tmp_path.name}
    monkeypatch.setenv("PWD", str(tmp_path.parent))
    assert f"    cd {tmp_path.name}\n" in next_steps(answers)
    monkeypatch.setenv("PWD", str(tmp_path))
    assert f"    cd {tmp_path}\n" in next_steps(answers)
    spaced = tmp_path / "my projects"
    spaced.mkdir()
    monkeypatch.delenv("PWD")
    monkeypatch.chdir(spaced)
    assert " cd " not in next_steps(answers)
    assert f"Next, in its folder {tmp_path.name}:\n" in next_steps(answers)

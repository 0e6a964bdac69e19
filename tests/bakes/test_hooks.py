"""The hooks themselves: what they import, delete, print and leave."""

import sys

import pytest
from cookiecutter.main import cookiecutter

from dev.commands import attempt, run
from dev.variants import FULLEST, TEMPLATE, VARIANTS, name_of
from hooks.post_gen_project import delete, next_steps, ruled_out

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


def test_delete_takes_empty_folders_along(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for path in ("src/hello/static/style.css", "src/hello/views.py", "src/mine.py"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    delete("src/hello/static/style.css")
    assert not (tmp_path / "src/hello/static").exists()
    delete("src/hello/views.py")
    assert [path.name for path in (tmp_path / "src").iterdir()] == ["mine.py"]


def test_delete_leaves_a_folder_of_the_user(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "LICENSE").mkdir()
    delete("LICENSE")
    assert (tmp_path / "LICENSE").exists()


def test_delete_is_strict(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(FileNotFoundError):
        delete("gone")


def test_files_of_the_user_survive_baking_over_them(cookies):
    answers = {"layout": "package"}
    folder = cookies.bake(answers, template=str(TEMPLATE)).project_path
    mine = folder / "src" / "hello" / "models.py"
    mine.write_text("mine")
    cookiecutter(
        str(TEMPLATE),
        no_input=True,
        overwrite_if_exists=True,
        output_dir=str(folder.parent),
        extra_context={"layout": "module"},
        default_config=True,
    )
    assert mine.read_text() == "mine"
    assert [path.name for path in mine.parent.iterdir()] == ["models.py"]


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


def test_ruled_out_paths_have_the_names_filled_in():
    missing = ruled_out({"module_name": "shop", **FULLEST})
    assert missing == ["shop.py", "tests/test_shop.py", ".gitlab-ci.yml"]

"""Both hooks reject, accept and clean up in this process, and few lines are not run."""

import os
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest
from coverage import Coverage

from dev.commands import WINDOWS
from dev.projects import asked
from dev.targets.schema import private
from dev.variants import FULLEST, HOLDER, TEMPLATE
from hooks.pre_gen_project import PLACEHOLDER

POST, PRE = sorted((TEMPLATE / "hooks").glob("*.py"))
LEAST = 98  # percent
PLACES = {"_template": "/x", "_repo_dir": "/x", "_output_dir": os.pardir}
WEB = "https://git.example.com/x"
WRONG = {"module_name": "class"}
# What changes in accepted answers. Other tests compare what the hook says of each.
REJECTED = [
    {"project_name": "\u0301"},
    {"project_name": "a\u2028b"},
    {"project_name": "a\u202eb"},
    {"description": "{" + "{x"},
    {"description": ""},
    {"full_name": "\udce9"},
    {"full_name": PLACEHOLDER},
    {"project_slug": "1--x"},
    {"module_name": "\ufb02ask"},
    {"module_name": "a" * 51},
    {"module_name": "_", "__asked_module_name": "../x"},
    {"layout": "NOPE"},
    {**WRONG, "_template": WEB, "_repo_dir": "../../clone"},
    {**WRONG, "_template": "https://a:b@x/y"},
    {**WRONG, "_template": "acme:x"},
    {**WRONG, "_template": WEB},
    {**WRONG, "_output_dir": "/caf\xe9"},
]


@pytest.fixture
def run_hook(tmp_path, monkeypatch, capsys):
    """Return a function that runs a hook in this process and returns what it says.

    It accepts the hook and the arguments of its ``main``. The file that the hook deletes
    is a copy, as cookiecutter's is.
    """
    copy = tmp_path / "rendered.py"
    monkeypatch.setenv("PWD", str(tmp_path))

    def run_hook(hook, *arguments):
        copy.touch()
        names = {"__file__": str(copy), "__name__": hook.stem}
        with monkeypatch.context() as patch:
            patch.setattr("sys.path", [])
            try:
                exec(compile(hook.read_bytes(), hook, "exec"), names)  # noqa: S102
                names["main"](*arguments)
            except SystemExit as rejection:
                return str(rejection)
            finally:
                assert not copy.exists()
        return capsys.readouterr().out

    return run_hook


def check_rejections(run_hook, answers):
    """Assert what the first hook says of wrong answers, in the current folder."""
    assert run_hook(PRE, answers, *private()) == ""
    for changes in REJECTED:
        said = run_hook(PRE, {**answers, **changes}, *private())
        assert said.startswith(f"ERROR: {next(iter(changes))} ")
    own = {key: answers[key] for key in answers if key not in PLACES}
    of_cruft = {**own, **WRONG, "_template": "/x", "_commit": "1"}
    assert len(run_hook(PRE, of_cruft, *private()).splitlines()) == 1
    assert "too old" in run_hook(PRE, {**own, "_template": "/x"}, *private())
    assert "belong to the template" in run_hook(PRE, answers, {}, *private()[1:])


def check_obstacles(run_hook, answers):
    """Assert what the first hook says of obstacles, in the current folder."""
    os.symlink("x", "README.md")
    os.mkdir("LICENSE")
    for path in ("kubernetes", "hello.py"):
        Path(path).touch()
    tag = {**answers, "_output_dir": "/{" + "{x"}
    assert " has a Jinja tag " in run_hook(PRE, tag, *private())
    assert run_hook(PRE, answers, *private()).count("ERROR: ") == 4


def check_next_steps(run_hook, answers, patch):
    """Assert what the second hook removes and says, in the current folder."""
    for folder in ("src/_/static", "kubernetes/mine"):
        os.makedirs(folder)
    assert run_hook(POST, answers).startswith("Hello is ready. Next:")
    assert os.listdir() == ["kubernetes"]
    patch.setenv("PATH", "")
    os.mkdir("a b")
    patch.chdir("a b")
    assert "how to start it without uv" in run_hook(POST, answers)
    patch.setattr(sys, "stdout", None)
    patch.setattr("builtins.print", Mock(side_effect=OSError))
    patch.setattr(os, "_exit", sys.exit)
    assert run_hook(POST, answers) == "0"


@pytest.mark.skipif(WINDOWS, reason="Windows needs privileges for links")
def test_nearly_every_line_of_the_hooks_is_run(
    run_hook, path_with, tmp_path, monkeypatch
):
    given = asked(**FULLEST, **HOLDER) | PLACES
    answers = {key: each for key, each in given.items() if isinstance(each, str)}
    (tmp_path / "clone" / ".git").mkdir(parents=True)
    measured = Coverage(
        data_file=None, config_file=False, include=[str(POST), str(PRE)]
    )
    with monkeypatch.context() as patch, measured.collect():
        for number in range(3):
            (tmp_path / f"{number}" / "hello").mkdir(parents=True)
        patch.chdir(tmp_path / "0" / "hello")
        patch.setenv("PATH", "")
        check_rejections(run_hook, answers)
        patch.setenv("PATH", path_with("uvx", "uv"))
        patch.chdir(tmp_path / "1" / "hello")
        check_obstacles(run_hook, answers)
        patch.setenv("PWD", str(tmp_path / "2"))
        patch.chdir(tmp_path / "2" / "hello")
        check_next_steps(run_hook, answers, patch)
    with monkeypatch.context() as patch, measured.collect():
        patch.setattr(sys, "version_info", (3, 9, 20))
        assert run_hook(PRE).startswith("ERROR: the template needs Python ")
    missing, count = [], 0
    for hook in (POST, PRE):
        _, lines, _, not_run, _ = measured.analysis2(str(hook))
        missing += [f"{hook.name}:{line}" for line in not_run]
        count += len(lines)
    assert 100 * len(missing) <= (100 - LEAST) * count, missing

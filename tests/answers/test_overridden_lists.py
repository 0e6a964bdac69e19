"""Lists and settings in cookiecutter.json that somebody overrides are rejected."""

import copy
import json

import pytest

from dev.projects import asked
from dev.rules import TAKEN
from dev.variants import QUESTIONS, TEMPLATE

pytestmark = pytest.mark.usefixtures("home")
PRIVATE = ("_taken", "_files", "_new_lines", "_jinja2_env_vars")
PACKAGES = "would shadow the {} package that the project imports"
WITHOUT_FLASK = copy.deepcopy(TAKEN)
WITHOUT_FLASK["module_name"][PACKAGES].remove("flask")
CONFIGURED = [
    *(("_taken", value) for value in ("x", None, 1e999, [])),
    ("_taken", {"module_name": {PACKAGES: None}}),
    ("_taken", WITHOUT_FLASK),
    ("_files", {"module": []}),
    ("_new_lines", "\r\n"),
    ("_jinja2_env_vars", {"trim_blocks": False}),
]
OF_REPLAY = [(each, {}) for each in ("_taken", "_files", "_jinja2_env_vars")]
ORDINARY = {each: asked()[each] for each in QUESTIONS if not each.startswith("_")}


def expect_names_of_all(error):
    """Assert that the first line of ``error``, and no other, names all private variables."""
    first, *others = error.splitlines()
    assert first.startswith("ERROR: _")
    assert all(each in first for each in PRIVATE)
    assert not [line for line in others if line.startswith("ERROR: _")]


@pytest.mark.parametrize("option", ["_taken=x", "_taken=", "_new_lines=\r\n"])
def test_option_is_rejected(expect_rejection, option):
    expect_names_of_all(expect_rejection("--no-input", str(TEMPLATE), option))


@pytest.mark.parametrize(("key", "value"), CONFIGURED)
def test_configuration_is_rejected(expect_rejection, tmp_path, key, value):
    file = tmp_path / "acme.yaml"
    answers = {"module_name": "flask", key: value}
    file.write_text(json.dumps({"default_context": answers}))
    arguments = ["--no-input", "--config-file", str(file), str(TEMPLATE)]
    expect_names_of_all(expect_rejection(*arguments))


def replay_file(folder, **answers):
    """Write a replay file with ``answers``; return the arguments to bake from it."""
    file = folder / "answers.json"
    given = {**ORDINARY, "module_name": "flask", **answers}
    file.write_text(json.dumps({"cookiecutter": given}))
    return "--replay-file", str(file), str(TEMPLATE)


@pytest.mark.parametrize(("key", "value"), [*CONFIGURED, *OF_REPLAY])
def test_replay_file_is_rejected(expect_rejection, tmp_path, key, value):
    arguments = replay_file(tmp_path, **{key: value})
    expect_names_of_all(expect_rejection(*arguments))


def test_replay_file_without_lists_has_those_of_the_template(
    expect_rejection, tmp_path
):
    error = expect_rejection(*replay_file(tmp_path))
    assert error.startswith("ERROR: module_name 'flask' would shadow ")

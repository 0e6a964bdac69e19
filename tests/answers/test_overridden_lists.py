"""Lists and settings in cookiecutter.json that somebody overrides are rejected."""

import copy
import json

import pytest

from dev.commands import COOKIECUTTER, attempt
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


@pytest.fixture
def first_error(tmp_path):
    """Return a function that bakes and returns the first line of standard error.

    It asserts that the bake fails and creates nothing.
    """

    def first_error(*arguments):
        before = {*tmp_path.iterdir()}
        result = attempt([*COOKIECUTTER, *arguments, "-o", tmp_path / "new"], tmp_path)
        assert result.returncode == 1
        assert {*tmp_path.iterdir()} - before <= {tmp_path / "new"}
        assert not (tmp_path / "new").exists() or not [*(tmp_path / "new").iterdir()]
        lines = result.stderr.splitlines()
        assert len([line for line in lines if line.startswith("ERROR: _")]) == 1
        return lines[0]

    return first_error


def expect_names_of_all(line):
    """Assert that ``line`` names every private variable."""
    assert line.startswith("ERROR: ")
    assert all(each in line for each in PRIVATE)


@pytest.mark.parametrize("option", ["_taken=x", "_taken=", "_new_lines=\r\n"])
def test_option_is_rejected(first_error, option):
    expect_names_of_all(first_error("--no-input", str(TEMPLATE), option))


@pytest.mark.parametrize(("key", "value"), CONFIGURED)
def test_configuration_is_rejected(first_error, tmp_path, key, value):
    file = tmp_path / "acme.yaml"
    answers = {"module_name": "flask", key: value}
    file.write_text(json.dumps({"default_context": answers}))
    arguments = ["--no-input", "--config-file", str(file), str(TEMPLATE)]
    expect_names_of_all(first_error(*arguments))


@pytest.mark.parametrize(("key", "value"), [*CONFIGURED, *OF_REPLAY])
def test_replay_file_is_rejected(first_error, tmp_path, key, value):
    file = tmp_path / "answers.json"
    answers = {**ORDINARY, "module_name": "flask", key: value}
    file.write_text(json.dumps({"cookiecutter": answers}))
    expect_names_of_all(first_error("--replay-file", str(file), str(TEMPLATE)))


def test_replay_file_without_lists_has_those_of_the_template(first_error, tmp_path):
    file = tmp_path / "answers.json"
    answers = {**ORDINARY, "module_name": "flask"}
    file.write_text(json.dumps({"cookiecutter": answers}))
    result = attempt([*COOKIECUTTER, "--replay-file", file, TEMPLATE], tmp_path)
    assert result.stderr.startswith("ERROR: module_name 'flask' would shadow ")

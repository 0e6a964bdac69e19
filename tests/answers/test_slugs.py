"""No name leads out of the output folder, however it is written."""

import json

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dev.commands import COOKIECUTTER, run
from dev.projects import asked, verbatim
from dev.rules import why_not
from dev.variants import ASKED, CHOICES, DEFAULT, QUESTIONS, TEMPLATE
from hooks.pre_gen_project import CHOICES as CHECKED
from hooks.pre_gen_project import FALLBACKS

NO_SLUG = "must be a-z, 0-9 and single inner hyphens, starting with a letter"


@pytest.mark.parametrize(
    "slug", ["../x", "nope/../y", "a/b/c", "", ".", "y\n", "/nowhere/x"]
)
@pytest.mark.parametrize("options", [[], ["-f"], ["-f", "-s"]], ids=" ".join)
def test_invalid_slug_deletes_and_creates_nothing(expect_rejection, slug, options):
    error = expect_rejection(
        "--no-input", *options, str(TEMPLATE), f"project_slug={slug}"
    )
    first = error.splitlines()[0]
    assert first.startswith(f"ERROR: project_slug {slug!a} {NO_SLUG}; try ")


@pytest.mark.parametrize(
    "private",
    ["__asked_project_slug=hello", "__guard_project_slug=", "__guard_project_slug=x"],
)
def test_private_variables_disable_no_guard(expect_rejection, private):
    names = ["project_slug=nope/../y", "module_name=../x"]
    expect_rejection("--no-input", str(TEMPLATE), *names, private)


def test_configuration_disables_no_guard(expect_rejection, tmp_path):
    configuration = tmp_path / "configuration.yaml"
    private = {"__guard_project_slug": "", "__guard_module_name": ""}
    configuration.write_text(json.dumps({"default_context": private}))
    names = ["project_slug=nope/../y", "module_name=../x"]
    options = ["--no-input", "--config-file", str(configuration)]
    error = expect_rejection(*options, str(TEMPLATE), *names)
    assert "ERROR: project_slug 'nope/../y' " in error
    assert "ERROR: module_name '../x' " in error


@pytest.mark.parametrize(
    "name",
    ["../x", "../../z", "nope/../y", "a/b", "a\\b", "/", "", ".", "..", "C:x", "~"],
)
def test_names_stay_in_the_output_folder_without_hooks(home, tmp_path, name):
    output = tmp_path / "one" / "two"
    output.mkdir(parents=True)
    names = [f"project_slug={name}", f"module_name={name}"]
    options = ["--no-input", "--accept-hooks=no"]
    run([*COOKIECUTTER, *options, TEMPLATE, *names, "layout=package"], output)
    assert [path.name for path in output.iterdir()] == ["_"]
    assert (output / "_" / "src" / "_" / "__init__.py").exists()
    assert {path.name for path in tmp_path.iterdir()} == {"home", "one"}


@given(st.one_of(st.text(max_size=60), st.text("aZ9-_./\\:", max_size=60)))
@example("a--b")
@example("a__b")
@example("a_")
def test_guards_keep_accepted_names(name):
    given = {"project_slug": verbatim(name), "module_name": verbatim(name)}
    answers = asked(**given)
    slug, module_name = answers["project_slug"], answers["module_name"]
    assert slug == name or (slug == "_" and why_not("project_slug", name))
    taken = why_not("module_name", name)
    assert module_name == name or (module_name == "_" and taken)
    for used in (slug, module_name):
        assert used not in {"", ".", ".."}
        assert not set(used) & set("/\\:")


def test_replay_file_with_unknown_choices_is_rejected(expect_rejection, tmp_path):
    answers = {**FALLBACKS, **DEFAULT, "layout": "NOPE", "license": ["MIT"]}
    wrong = {"layout": "NOPE", "license": ""}
    settings = {key: value for key, value in QUESTIONS.items() if key.startswith("_")}
    replay = tmp_path / "answers.json"
    for private in (settings, {}):
        replay.write_text(json.dumps({"cookiecutter": {**private, **answers}}))
        error = expect_rejection("--replay-file", str(replay), str(TEMPLATE))
        expected = [" or ".join(map(ascii, CHECKED[each])) for each in wrong]
        assert error.splitlines()[:2] == [
            f"ERROR: {question} {shown!a} is not a choice; try {instead}."
            for (question, shown), instead in zip(wrong.items(), expected, strict=True)
        ]
        # The user has to choose, so the command ends with the wrong answers.
        *_, command = [
            line for line in error.splitlines() if "cookiecutter --no" in line
        ]
        assert command.endswith(' layout=NOPE license=""')


def test_handwritten_replay_reports_its_own_slug(expect_rejection, tmp_path):
    replay = tmp_path / "answers.json"
    answers = dict.fromkeys(ASKED, "hello") | {"project_slug": "My Slug"}
    replay.write_text(json.dumps({"cookiecutter": answers}))
    error = expect_rejection("--replay-file", str(replay), str(TEMPLATE))
    assert error.startswith(f"ERROR: project_slug 'My Slug' {NO_SLUG}; try 'my-slug'.")


@pytest.mark.parametrize("value", ["", "yes"])
@pytest.mark.parametrize("question", ["project_name", "project_slug", "full_name"])
def test_configuration_with_other_values_than_text_is_rejected(
    expect_rejection, tmp_path, question, value
):
    configuration = tmp_path / "configuration.yaml"
    configuration.write_text(f"default_context:\n  {question}: {value}\n")
    options = ["--no-input", "--config-file", str(configuration)]
    error = expect_rejection(*options, str(TEMPLATE))
    assert error.startswith(f"ERROR: {question} ")


@pytest.mark.parametrize("answer", [None, True, 7, ["module"], {"a": 1}])
def test_replay_file_with_other_answers_than_text_is_rejected(
    expect_rejection, tmp_path, answer
):
    replay = tmp_path / "answers.json"
    replay.write_text(json.dumps({"cookiecutter": dict.fromkeys(ASKED, answer)}))
    error = expect_rejection("--replay-file", str(replay), str(TEMPLATE)).splitlines()
    assert [line.split()[:2] for line in error[: len(ASKED)]] == [
        ["ERROR:", question] for question in [*FALLBACKS, *CHOICES]
    ]

"""answers.schema.json accepts what the hook accepts."""

import json
import re
import shlex
import shutil

import pytest
import yaml
from check_jsonschema.regex_variants import RegexImplementation, RegexVariantName
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft7Validator, Draft202012Validator
from jsonschema.validators import extend

from dev.commands import attempt, tool
from dev.names import CANDIDATES
from dev.projects import asked
from dev.readmes import blocks
from dev.rules import TEXTS, find_problems, names_for, why_not
from dev.targets import schema
from dev.variants import ASKED, CHOICES, FULLEST, TEMPLATE
from hooks.pre_gen_project import FALLBACKS, LONGEST_TEXT, PLACEHOLDER

TOO_LONG = "x" * (LONGEST_TEXT + 1)
# Patterns have ECMAScript's syntax: https://json-schema.org/understanding-json-schema
ECMASCRIPT = RegexImplementation(RegexVariantName.default)
SCHEMA = json.loads(schema.SCHEMA.read_text(encoding="utf-8"))
VALIDATOR = extend(Draft202012Validator, {"pattern": ECMASCRIPT.pattern_keyword})(
    SCHEMA
)
UNATTENDED = (TEMPLATE / "docs" / "unattended.md").read_text(encoding="utf-8")


def accepts(question, answer):
    """Return whether the schema accepts ``answer``."""
    return VALIDATOR.is_valid({question: answer})


def neighbours(name):
    """Return ``name`` and similar names."""
    return {
        name,
        *(name.upper(), name.title(), name[:-1], name[1:]),
        *(f"{name}_app", f"{name}-app", f"{name}s", f"{name}2", f"2{name}"),
        *(f"_{name}", f"{name}_", f"-{name}", f"{name}-", f"{name}--x", f"x-{name}"),
        *(f"{name}\n", f" {name}", f"{name}.py", name * 9, f"{name}é"),
    }


def test_generated_files_are_up_to_date():
    for file, text in schema.files().items():
        assert file.read_bytes().decode("utf-8") == text, "run make schema"


@pytest.mark.parametrize("draft", [Draft7Validator, Draft202012Validator])
def test_schema_is_valid_in_every_common_draft(draft):
    draft.check_schema(SCHEMA)
    assert "$schema" not in SCHEMA
    assert list(SCHEMA["properties"]) == ASKED


@pytest.mark.parametrize("question", schema.NAMES)
def test_schema_and_hook_agree_on_listed_names(question):
    listed = {*CANDIDATES, *names_for("project_slug"), *names_for("module_name")}
    names = set().union(*map(neighbours, listed))
    assert len(names) > 5000
    verdicts = {name: why_not(question, name) is None for name in names}
    assert 1000 < sum(verdicts.values()) < 5000
    for name, verdict in verdicts.items():
        assert accepts(question, name) == verdict, name


@given(
    st.sampled_from(sorted(schema.NAMES)),
    st.one_of(st.text(max_size=60), st.text("az09_-", max_size=60)),
)
def test_schema_and_hook_agree_on_any_name(question, name):
    assert accepts(question, name) == (why_not(question, name) is None)


@given(
    st.sampled_from(sorted(TEXTS)),
    st.one_of(st.text(max_size=80), st.text("{%#} \\a\u200d\ufeff\xa0é\n", max_size=9)),
)
def test_schema_accepts_every_text_that_the_hook_accepts(question, text):
    assert accepts(question, text) or why_not(question, text)


@pytest.mark.parametrize("question", TEXTS)
@pytest.mark.parametrize(
    "text",
    ["", " ", "a\nb", "a\t", "\x1b", "\u2028", "\u202e", "{{x}}", "a {% b", TOO_LONG],
)
def test_invalid_text_is_rejected(question, text):
    assert not accepts(question, text)


@pytest.mark.parametrize("license_", CHOICES["license"])
def test_schema_and_hook_agree_on_holders(license_):
    placeholders = (PLACEHOLDER, PLACEHOLDER.upper(), "your\u3000name ")
    for name in (*placeholders, "Your Names", "Ada Lovelace", "Yourname"):
        answers = {**FALLBACKS, **FULLEST, "license": license_, "full_name": name}
        assert VALIDATOR.is_valid(answers) == (not find_problems(answers))


@pytest.mark.parametrize("question", CHOICES)
def test_unknown_choice_is_rejected(question):
    others = {each for choices in CHOICES.values() for each in choices}
    for other in {*others - {*CHOICES[question]}, "", "NONE", "module\n"}:
        assert not accepts(question, other)


@pytest.mark.parametrize("question", ASKED)
@pytest.mark.parametrize("answer", [None, True, 7, ["module"], {}])
def test_value_that_is_not_text_is_rejected(question, answer):
    assert not accepts(question, answer)


def test_defaults_are_those_of_a_bake():
    defaults = {
        question: each["default"]
        for question, each in SCHEMA["properties"].items()
        if "default" in each
    }
    assert defaults.items() <= asked().items()
    assert set(ASKED) - {*defaults} == {*schema.NAMES}
    assert VALIDATOR.is_valid(asked())


def documented(language, words):
    """Return the only ``language`` block in docs/unattended.md that contains ``words``."""
    (block,) = [each for each in blocks(UNATTENDED, language) if words in each]
    return block


@pytest.mark.parametrize(
    ("answers", "problems"),
    [
        ({"full_name": "ACME Ltd", "license": "MIT", "layout": "package"}, []),
        ({"github_username": "acme"}, []),
        ({"license": "GPL", "project_slug": "x"}, ["license"]),
        ({"module_name": "calendar", "server": "uwsgi"}, ["module_name", "server"]),
        ({"full_name": PLACEHOLDER, "license": "MIT"}, ["full_name"]),
    ],
)
def test_configuration_is_checked_as_documented(tmp_path, answers, problems):
    check = documented("bash", "check-jsonschema").strip()
    uvx, program, *arguments = shlex.split(check)
    assert (uvx, program) == ("uvx", "check-jsonschema")
    company = documented("json", "default_context")
    (tmp_path / "acme.schema.json").write_text(company)
    shutil.copy(schema.SCHEMA, tmp_path)
    (tmp_path / "acme.yaml").write_text(yaml.safe_dump({"default_context": answers}))
    result = attempt([tool(program), *arguments], tmp_path)
    assert result.returncode == bool(problems)
    assert re.findall(r"::\$\.default_context\.(\w+):", result.stdout) == problems
    assert max(map(len, result.stdout.splitlines())) < 200


def test_portal_form_uses_the_schema():
    template = yaml.safe_load(documented("yaml", "parameters:"))
    (form,) = template["spec"]["parameters"]
    # Backstage replaces such an object with the content of the file.
    assert form == {"$json": f"./{schema.SCHEMA.name}"}
    (step,) = template["spec"]["steps"]
    assert step["input"]["workflowInputs"] == {"answers": "${{ parameters | dump }}"}

"""A project records its answers, and cookiecutter bakes the same project from them."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest
import yaml
from cookiecutter.main import cookiecutter
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from dev.commands import COOKIECUTTER, WINDOWS, run
from dev.projects import (
    Project,
    bake_in_process,
    commit_all,
    copy_template,
    on_command_line,
    verbatim,
)
from dev.readmes import blocks, section
from dev.rules import TEXTS, similar, why_not
from dev.values import ADDRESS, VERSION
from dev.variants import ASKED, CHOICES, FULLEST, HOLDER, TEMPLATE
from hooks.pre_gen_project import LONGEST_TEXT

RECORD = ".flask-hello.json"
ODD = [
    "O'Brien \"and\" Söhne \\ 'GmbH' \\\\ \\n \\u0041 \\",
    "costs $5, ${HOME}, `id`, %PATH%, !x!, ~, *, #, &amp; <b>",
    "caf\xe9 \u65e5\u672c \N{PARTY POPPER}\N{WOMAN}\u200d\N{PERSONAL COMPUTER}",
    "yes",
    "null",
    "2026-11-30",
    "1e3",
    ": - [a, {b}] ? | > @ % & * ! }} %} #} { % {",
    "  two  spaces, \xa0no-break\u3000wide  ",
    "\ufeffmark \xad soft \ufffe \uffff \U0001fffe \U0010ffff \ue000",
    "x" * LONGEST_TEXT,
]


def recorded(project):
    """Return the answers in the record of ``project``."""
    return json.loads(project.read(RECORD))["default_context"]


def bake_from(record, folder, template=TEMPLATE, **answers):
    """Bake from the file ``record`` in ``folder`` as the pages say; return the Project."""
    options = ["--no-input", "--config-file", record, "--output-dir", folder]
    strict = {"PYTHONWARNINGS": "error:Invalid default"}
    command = [*COOKIECUTTER, *options, str(template), *on_command_line(answers)]
    run(command, folder.parent, env=strict)
    (created,) = folder.iterdir()
    return Project(created)


def test_record_has_template_version_and_answers(bake):
    project = bake(**FULLEST, project_name="Pay")
    record = json.loads(project.read(RECORD))
    assert list(record) == ["template", "version", "default_context"]
    assert (record["template"], record["version"]) == (ADDRESS, VERSION)
    assert list(record["default_context"]) == ASKED
    assert record["default_context"].items() >= {**FULLEST, **HOLDER}.items()


def a_name(question):
    """Return a strategy of accepted answers to ``question``."""
    anything = st.one_of(st.text(max_size=60), st.from_regex("[a-z][a-z0-9_-]{0,60}"))
    names = anything.map(lambda name: similar(question, name))
    return names.filter(lambda name: why_not(question, name) is None)


def a_text(question):
    """Return a strategy of accepted texts for ``question``."""
    alphabet = "\"'\\{}%#$:-? &*!|>@`,[]~\ufffe\uffff\ufeff\xa0é\N{PARTY POPPER}aN0"
    anything = st.one_of(st.text(max_size=LONGEST_TEXT), st.text(alphabet))
    return anything.filter(lambda text: why_not(question, text) is None)


ANSWERS = st.fixed_dictionaries(
    {
        **{each: st.sampled_from(choices) for each, choices in CHOICES.items()},
        **{each: a_text(each) for each in TEXTS},
        **{each: a_name(each) for each in ("project_slug", "module_name")},
    }
)


@pytest.mark.slow
def test_any_answers_are_baked_again(pytestconfig, tmp_path_factory):
    @settings(
        max_examples=60 if pytestconfig.option.all else 20,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
    )
    @given(ANSWERS)
    def bake_twice(answers):
        typed = answers | {each: verbatim(answers[each]) for each in TEXTS}
        first, second = (tmp_path_factory.mktemp("baked") for _ in range(2))
        project = bake_in_process(first, typed)
        assert recorded(project) == answers
        # Every parser reads it alike.
        assert yaml.safe_load(project.read(RECORD)) == json.loads(project.read(RECORD))
        how = {"no_input": True, "output_dir": str(second)}
        record = str(project.folder / RECORD)
        again = Project(Path(cookiecutter(str(TEMPLATE), **how, config_file=record)))
        assert again.folder.name == project.folder.name
        assert again.texts() == project.texts()
        for folder in (first, second):
            shutil.rmtree(folder)

    for text in ODD:
        names = {"project_slug": "hello", "module_name": "shop"}
        example({**FULLEST, **names, **dict.fromkeys(TEXTS, text)})(bake_twice)
    bake_twice()


def documented(page, heading):
    """Return the bash block under ``heading`` of a page, which bakes this template."""
    text = (TEMPLATE / "docs" / page).read_text(encoding="utf-8")
    (block,) = blocks(section(text, heading))
    return block.replace(ADDRESS, str(TEMPLATE)).replace("uvx ", "")


@pytest.mark.slow
@pytest.mark.skipif(WINDOWS, reason="the commands are for bash")
def test_project_is_baked_again_as_documented(bake, home, path_with, tmp_path):
    project = bake(project_name="Hello", **FULLEST)
    project.copy(tmp_path / "hello")
    block = documented("unattended.md", "Bake a project again")
    path = os.pathsep.join([path_with("cookiecutter"), os.defpath])
    run(["bash", "-euc", block], tmp_path, env={"PATH": path})
    assert Project(tmp_path / "again" / "hello").texts() == project.texts()


@pytest.mark.slow
@pytest.mark.skipif(WINDOWS, reason="the command is for bash")
def test_versions_of_projects_are_looked_up_as_documented(bake, tmp_path):
    expected = []
    for number, layout in enumerate(CHOICES["layout"]):
        project = bake(layout=layout, description='"version": "9"')
        copy = project.copy(tmp_path / layout)
        copy.change(RECORD, f'"{VERSION}"', f'"1.{number}.0"')
        expected.append(f'{layout}/{RECORD}:  "version": "1.{number}.0",')
    (tmp_path / "another-repository").mkdir()
    look_up = ["bash", "-euc", documented("updating.md", "Look up versions")]
    assert run(look_up, tmp_path).splitlines() == expected


@pytest.mark.slow
@pytest.mark.usefixtures("home")
def test_answers_are_the_defaults_of_the_questions(bake, tmp_path):
    texts = {
        "description": "costs $5 [bold]\\",
        "full_name": "Zo\xeb  \N{PARTY POPPER}",
    }
    names = {"project_slug": "pay", "module_name": "payments"}
    project = bake(**texts, **names, **FULLEST)
    command = [*COOKIECUTTER, "--config-file", project.folder / RECORD, TEMPLATE]
    run(command, tmp_path, input="\n" * len(ASKED))
    assert Project(tmp_path / "pay").texts() == project.texts()


@pytest.mark.slow
@pytest.mark.usefixtures("home")
@pytest.mark.parametrize(
    "change",
    [{"layout": "module"}, {"description": "Pays."}, {"module_name": "payments"}],
)
def test_edited_line_changes_the_answer(bake, tmp_path, change):
    copy = bake(**FULLEST).copy(tmp_path / "hello")
    ((question, answer),) = change.items()
    line = rf'(?m)^(    "{question}": ").*(",)$'
    text, edits = re.subn(line, rf"\g<1>{answer}\g<2>", copy.read(RECORD))
    assert edits == 1
    (copy.folder / RECORD).write_text(text, encoding="utf-8")
    expected = bake(
        **FULLEST | HOLDER | {"project_slug": "hello", "module_name": "hello"} | change
    )
    for answers in ({}, change):
        again = bake_from(
            copy.folder / RECORD, tmp_path / f"again-{len(answers)}", **answers
        )
        assert again.texts() == expected.texts()


@pytest.mark.slow
@pytest.mark.usefixtures("home")
def test_record_of_another_version_is_read(bake, tmp_path):
    project = bake(**FULLEST)
    template = Project(copy_template(tmp_path / "newer"))
    template.change(
        "cookiecutter.json",
        '  "_files": {',
        '  "color": ["red", "blue"],\n  "motto": "Hi {{ cookiecutter.module_name }}",\n'
        '  "_files": {',
    )
    record = "{{cookiecutter.project_slug}}/" + RECORD
    template.change(
        record,
        '"version": ',
        '"color": "{{ cookiecutter.color }} {{ cookiecutter.motto }}",\n  "version": ',
    )
    newer = bake_from(project.folder / RECORD, tmp_path / "again", template.folder)
    text = newer.read(RECORD).replace('  "color": "red Hi hello",\n', "")
    assert newer.texts() == project.texts() | {RECORD: newer.read(RECORD)}
    assert text == project.read(RECORD)
    # An answer to a question that a newer version does not ask is ignored.
    newer.change(RECORD, '"layout"', '"motto": "Hi", "color": "NOPE", "layout"')
    older = bake_from(newer.folder / RECORD, tmp_path / "older")
    assert older.texts() == project.texts()


@pytest.mark.slow
@pytest.mark.usefixtures("git")
def test_project_has_no_address_path_or_user_name(home, tmp_path):
    template = copy_template(tmp_path / "typed-address.git")
    commit_all(template)
    address = template.as_uri().replace("file://", "file://ada:typed-secret@")
    git = {"GIT_CONFIG_COUNT": "1", "GIT_CONFIG_VALUE_0": address}
    git["GIT_CONFIG_KEY_0"] = f"url.{template.as_uri()}.insteadOf"
    options = ["--output-dir", tmp_path / "typed-folder", "--checkout", "HEAD"]
    answers = on_command_line({**FULLEST, **HOLDER})
    run([*COOKIECUTTER, "--no-input", *options, address, *answers], tmp_path, env=git)
    texts = Project(tmp_path / "typed-folder" / "hello").texts()
    typed = ("typed-", "file://", str(home), str(tmp_path))
    for path, text in texts.items():
        assert not [word for word in typed if word in text], path
    assert "HEAD" not in texts[RECORD]

"""The questions in cookiecutter.json, and what the hook knows of them."""

import re

import pytest

from dev.variants import ASKED, CHOICES, NAMES, QUESTIONS, TEMPLATE
from hooks import pre_gen_project

PROMPTS = QUESTIONS["__prompts__"]
COLUMNS = 80


def lines_of(question, default):
    """Return the lines that cookiecutter prints for a question."""
    prompt = PROMPTS[question]
    if question not in CHOICES:
        return [f"  [{len(ASKED)}/{len(ASKED)}] {prompt} ({default}): "]
    heading, *texts = prompt.values()
    numbers = "/".join(str(number) for number, _ in enumerate(texts, start=1))
    return [
        f"  [{len(ASKED)}/{len(ASKED)}] {heading}",
        *(f"    {number} - {text}" for number, text in enumerate(texts, start=1)),
        f"    Choose from [{numbers}] (1): ",
    ]


@pytest.mark.parametrize("question", ASKED)
def test_prompt_fits_a_terminal_with_the_longest_default(question):
    default = NAMES["longest"].get(question, QUESTIONS[question])
    assert max(map(len, lines_of(question, default))) <= COLUMNS


@pytest.mark.parametrize("question", [q for q in ASKED if q not in CHOICES])
def test_every_prompt_is_plain_text(question):
    assert re.fullmatch("[A-Z][a-z ]+", PROMPTS[question])


@pytest.mark.parametrize("question", CHOICES)
def test_choice_texts_stand_alone(question):
    # A company can change the order of the choices alone.
    assert {*PROMPTS[question]} == {"__prompt__", *CHOICES[question]}
    assert all(PROMPTS[question].values())
    assert not re.search(r"(?i)\b(above|same|too|also|other)\b", str(PROMPTS[question]))


@pytest.mark.parametrize("name", ["project_slug", "module_name"])
def test_path_guard_directly_follows_the_name(name):
    questions = list(QUESTIONS)
    assert questions[questions.index(name) + 1] == f"__guard_{name}"
    # The command line cannot replace a list by another text.
    assert isinstance(QUESTIONS[f"__guard_{name}"], list)


def test_readme_says_how_often_to_press_enter():
    times = "ten eleven twelve".split()[len(ASKED) - 10]
    readme = (TEMPLATE / "README.md").read_text(encoding="utf-8")
    assert f"Press Enter {times} times" in readme


def test_prompts_and_hook_have_the_questions():
    assert [*PROMPTS] == ASKED
    assert [*pre_gen_project.FALLBACKS, *pre_gen_project.CHOICES] == ASKED


def test_hook_knows_the_choices():
    # A company can change their order, and with it the defaults.
    for question, choices in CHOICES.items():
        assert sorted(pre_gen_project.CHOICES[question]) == sorted(choices)

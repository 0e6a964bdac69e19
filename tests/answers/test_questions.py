"""What cookiecutter.json asks, and what the hook knows of it."""

import re

import pytest

from dev.variants import ASKED, CHOICES, QUESTIONS
from hooks import pre_gen_project

PROMPTS = QUESTIONS["__prompts__"]


@pytest.mark.parametrize("question", [q for q in ASKED if q not in CHOICES])
def test_every_prompt_is_for_people_and_states_its_rule(question):
    name, rule = re.fullmatch(r"([A-Z].+) \((.+)\)", PROMPTS[question]).groups()
    assert question not in name
    words = {
        "project_name": ["one printable line", "letter or digit"],
        "project_slug": ["a-z, 0-9 and -", "starts with a letter", "50 characters"],
        "module_name": ["a-z, 0-9 and _", "no digit first", "50 characters", "flask"],
        "email": ["plain", pre_gen_project.TEXTS["email"]],
    }
    assert all(word in rule for word in words.get(question, ["one printable line"]))


@pytest.mark.parametrize("question", CHOICES)
def test_every_choice_has_a_sentence(question):
    assert list(PROMPTS[question]) == ["__prompt__", *CHOICES[question]]
    assert all(PROMPTS[question].values())


def test_nothing_else_has_a_prompt():
    assert list(PROMPTS) == ASKED


@pytest.mark.parametrize("name", ["project_slug", "module_name"])
def test_path_guard_comes_right_after_the_name(name):
    questions = list(QUESTIONS)
    assert questions[questions.index(name) + 1] == f"__guard_{name}"
    # Cookiecutter lets nobody set a list to another text on the command line.
    assert isinstance(QUESTIONS[f"__guard_{name}"], list)


def test_hook_checks_every_question():
    assert {*pre_gen_project.WHY_NOT, *pre_gen_project.CHOICES} == set(ASKED)


def test_hook_knows_the_choices():
    known = {question: list(all_) for question, all_ in pre_gen_project.CHOICES.items()}
    assert known == CHOICES


def test_hook_suggests_the_defaults_for_texts():
    assert {
        text: QUESTIONS[text] for text in pre_gen_project.TEXTS
    } == pre_gen_project.TEXTS

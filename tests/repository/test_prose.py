"""The template's texts have none of the habits that docs/template.md lists."""

import re

import pytest

from dev.prose import texts
from dev.readmes import section
from dev.variants import TEMPLATE

PAGE = TEMPLATE / "docs" / "template.md"
RULES = section(PAGE.read_text(encoding="utf-8"), "Write like this")
# One line for each item of the list: the phrases, a colon, and the cure.
ITEMS = re.findall(r"^- (.+?): (.+?)$", re.sub(r"\n  ", " ", RULES), re.MULTILINE)
HABITS = {
    phrase: re.findall(r"`([\w.]+\.md)`", cure)
    for phrases, cure in ITEMS
    for phrase in re.findall("`(.+?)`", phrases)
}


def pattern_of(habit):
    """Return a pattern for a phrase, in which ``...`` is any word."""
    words = [r"\w+" if word == "..." else re.escape(word) for word in habit.split()]
    return re.compile(r"\b" + r"\s+".join(words) + r"\b", re.IGNORECASE)


@pytest.fixture(scope="module")
def checked_texts():
    """Return the prose of every checked text, by path."""
    return dict(texts())


def test_texts_of_every_kind_are_checked(checked_texts):
    kinds = {
        "cookiecutter.json",
        "README.md",
        "docs/growing.md",
        "hooks/pre_gen_project.py",
        "dev/prose.py",
        "{{cookiecutter.project_slug}}/README.md",
        "{{cookiecutter.project_slug}}/tests/"
        "{% if cookiecutter.layout == 'package' %}conftest.py{% endif %}",
        "templates/readme/module/page.md",
        "tests/repository/test_prose.py",
    }
    assert kinds <= checked_texts.keys()


@pytest.mark.parametrize("habit", HABITS)
def test_habit_occurs_in_no_text(checked_texts, habit):
    found = [
        f"{name}: {match.group()}"
        for name, text in checked_texts.items()
        if name not in HABITS[habit]
        for match in pattern_of(habit).finditer(text)
    ]
    assert found == []

"""The template's texts have none of the habits that docs/template.md lists."""

import re

import pytest

from dev.prose import texts
from dev.readmes import section
from dev.variants import TEMPLATE

PAGE = TEMPLATE / "docs" / "template.md"
RULES = section(PAGE.read_text(encoding="utf-8"), "Write like this")
HABITS = [
    phrase
    for line in RULES.splitlines()
    if line.startswith("- ")
    for phrase in re.findall("`(.+?)`", line.partition(": ")[0])
]


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
    words = r"\s+".join(map(re.escape, habit.split()))
    pattern = re.compile(rf"\b{words}\b", re.IGNORECASE)
    found = [
        f"{name}: {match.group()}"
        for name, text in checked_texts.items()
        for match in pattern.finditer(text)
    ]
    assert found == []

"""The README's pictures are up to date and load nothing."""

import re
from xml.etree import ElementTree

import pytest

from dev.rules import TEXTS, find_problems
from dev.values import ADDRESS, AUTHOR
from dev.variants import ASKED, CHOICES, QUESTIONS, SMALLEST, TEMPLATE
from hooks.post_gen_project import next_steps
from hooks.pre_gen_project import FALLBACKS

README = (TEMPLATE / "README.md").read_text(encoding="utf-8")
PICTURES = sorted((TEMPLATE / "docs" / "images").glob("*.svg"))


def visible_text(picture):
    """Return the text in a picture, without white space."""
    svg = ElementTree.parse(picture)  # noqa: S314
    texts = svg.iterfind(".//{http://www.w3.org/2000/svg}text")
    return squeezed("".join(text for element in texts for text in element.itertext()))


def squeezed(text):
    """Return ``text`` without white space."""
    return "".join(text.split())


def pattern_for_any_owner(text):
    """Return a pattern that matches ``text`` in a picture, whatever an owner's values.

    Owners of the template need not draw the pictures again.
    """
    pattern = re.escape(squeezed(text))
    for value in (ADDRESS, AUTHOR):
        pattern = pattern.replace(re.escape(squeezed(value)), ".{1,80}?")
    return pattern


def asked():
    """Yield cookiecutter's prompt for every question, in order."""
    for number, question in enumerate(ASKED, start=1):
        prompt = QUESTIONS["__prompts__"][question]
        if question in TEXTS:
            prompt += f"({QUESTIONS[question]})"
        if question in CHOICES:
            sentences = [prompt[choice] for choice in CHOICES[question]]
            prompt = prompt["__prompt__"]
            prompt += "".join(f"{n} - {text}" for n, text in enumerate(sentences, 1))
        yield f"[{number}/{len(ASKED)}] {prompt}"


def test_picture_shows_prompts_next_steps_and_a_rejection(monkeypatch, path_with):
    monkeypatch.setenv("PATH", path_with("uv"))
    monkeypatch.setenv("PWD", "/home")
    monkeypatch.setattr("os.getcwd", lambda: "/home/my-app")
    answers = {**FALLBACKS, **SMALLEST, "module_name": "flask"}
    (problem,) = find_problems(answers)
    expected = [
        f"$ uvx cookiecutter {ADDRESS}",
        *asked(),
        next_steps({"project_name": "My App", "project_slug": "my-app"}),
        f"$ uvx cookiecutter {ADDRESS} --no-input module_name=flask",
        f"ERROR: {problem}",
    ]
    rest = visible_text(TEMPLATE / "docs" / "images" / "bake.svg")
    for text in expected:
        found = re.search(pattern_for_any_owner(text), rest)
        assert found, f"run make pictures: the picture of a bake lacks {text!r}"
        rest = rest[found.end() :]


def test_readme_shows_every_picture():
    shown = re.findall(r"!\[[^]]+\]\((docs/images/.+?)\)", README)
    assert sorted(shown) == [
        picture.relative_to(TEMPLATE).as_posix() for picture in PICTURES
    ]


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.stem)
def test_picture_is_small_and_loads_nothing(picture):
    ElementTree.parse(picture)  # noqa: S314
    text = picture.read_text(encoding="utf-8")
    addresses = set(re.findall(r"\w+://[^\s\"'<&]*", text))
    namespaces = {"http://www.w3.org/1999/xlink", "http://www.w3.org/2000/svg"}
    assert addresses <= {*namespaces, "http://127.0.0.1:5000/"}
    assert not re.search(r"href=\"[^#]|url\([^#]|@import", text)
    assert len(text) < 100_000

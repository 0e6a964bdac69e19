"""Write the list of taken names and the JSON Schema, both from the rules of the hook.

``make schema`` runs it. ``cookiecutter.json`` gets the names, so that its defaults avoid
them; ``answers.schema.json`` is for forms, pipelines and editors.
"""

import json
import re
import textwrap
from collections.abc import Collection, Iterable
from itertools import chain
from keyword import kwlist
from pathlib import Path
from typing import Any

from dev.variants import ASKED, CHOICES, QUESTIONS, TEMPLATE
from hooks import pre_gen_project as hook

COOKIECUTTER_JSON = TEMPLATE / "cookiecutter.json"
SCHEMA = TEMPLATE / "answers.schema.json"
NAMES = {
    "project_slug": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
    "module_name": "^[a-z][a-z0-9_]*$",
}
# Control characters, line separators, bidirectional controls and Jinja tags.
BIDIRECTIONAL = "".join(f"\\u{ord(each):04x}" for each in sorted(hook.BIDIRECTIONAL))
TAGS = "".join(tag[1] for tag in hook.TAGS)
NO_TEXT = rf"[\u0000-\u001f\u007f-\u009f\u2028\u2029{BIDIRECTIONAL}]|\{{[{TAGS}]"
TAKEN: dict[str, list[Collection[str]]] = {
    "project_slug": [hook.PACKAGES.values(), hook.DEVICES, hook.RESERVED],
    "module_name": [
        *[kwlist, hook.PACKAGES, hook.EXTRAS, hook.START_UP | hook.OPTIONAL],
        *[hook.PROJECT_FILES, hook.LATER_FOLDERS, hook.DEVICES, hook.STANDARD_LIBRARY],
    ],
}
LISTS = {"project_slug": "_taken_slugs", "module_name": "_taken_modules"}


def taken(question: str) -> list[list[str]]:
    """Return the well-formed names that the hook rejects, in groups without repetitions."""
    groups, seen = [], set[str]()
    for group in TAKEN[question]:
        groups.append(
            sorted(filter(re.compile(NAMES[question]).match, {*group} - seen))
        )
        seen |= {*group}
    return groups


def rows(groups: Iterable[Iterable[str]]) -> str:
    """Return the items of a JSON list of names; every group starts a new line."""
    texts = (" ".join(f'"{name}",' for name in group) for group in groups)
    lines = chain.from_iterable(textwrap.wrap(text, 92) for text in texts)
    return "\n".join(f"    {line}" for line in lines).rstrip(",")


def with_lists(questions: str) -> str:
    """Return ``questions``, the text of cookiecutter.json, with current lists of names."""
    for question, key in LISTS.items():
        names = f'\n  "{key}": [\n{rows(taken(question))}\n  ],\n'
        pattern = rf'\n  "{key}": \[[^]]*\],\n'
        questions = re.sub(pattern, names, questions)
    return questions


def schema() -> dict[str, Any]:
    """Return a JSON Schema of the answers.

    It has no ``$schema``: its keywords mean the same from draft 7 to 2020-12, and some form
    libraries reject a draft that they do not know.
    https://json-schema.org/draft/2020-12/json-schema-validation
    """
    licensed = {"not": {"const": "none"}}
    named = {"not": {"const": hook.PLACEHOLDER}}
    return {
        "title": "Answers for a hello-world Flask project",
        "type": "object",
        "properties": {question: schema_of(question) for question in ASKED},
        "if": {"properties": {"license": licensed}, "required": ["license"]},
        "then": {"properties": {"full_name": named}},
        "$defs": {
            key: {"enum": [*chain.from_iterable(taken(question))]}
            for question, key in LISTS.items()
        },
    }


def schema_of(question: str) -> dict[str, Any]:
    """Return a JSON Schema of the answer to ``question``."""
    prompt = QUESTIONS["__prompts__"][question]
    if question in CHOICES:
        choices = CHOICES[question]
        return {
            "title": prompt["__prompt__"],
            "type": "string",
            "default": choices[0],
            "oneOf": [{"const": each, "title": prompt[each]} for each in choices],
        }
    if question in NAMES:
        return {
            "title": prompt,
            "description": f"{hook.WHY_NOT[question]('')}".capitalize(),
            "type": "string",
            "pattern": NAMES[question],
            "maxLength": hook.LONGEST_NAME,
            "not": {"$ref": f"#/$defs/{LISTS[question]}"},
        }
    return {
        "title": prompt,
        "type": "string",
        "default": QUESTIONS[question],
        "pattern": r"\S",
        "not": {"pattern": NO_TEXT},
    }


def files() -> dict[Path, str]:
    """Return the text of every file that this program writes, by path."""
    text = json.dumps(schema(), ensure_ascii=False, indent=2)
    questions = with_lists(COOKIECUTTER_JSON.read_text(encoding="utf-8"))
    return {COOKIECUTTER_JSON: questions, SCHEMA: f"{text}\n"}


def main() -> None:
    """Write cookiecutter.json and answers.schema.json."""
    for file, text in files().items():
        file.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()

"""Write the JSON Schema of the answers, and the checksum in the first hook.

``make schema`` runs it. ``answers.schema.json`` is for forms, pipelines and editors.
"""

import json
import re
from pathlib import Path
from typing import Any

from dev.rules import names_for, why_not
from dev.variants import ASKED, CHOICES, QUESTIONS, TEMPLATE
from hooks import pre_gen_project as hook

SCHEMA = TEMPLATE / "answers.schema.json"
HOOK = TEMPLATE / "hooks" / "pre_gen_project.py"
NAMES = {
    "project_slug": "^[a-z][a-z0-9]*(-[a-z0-9]+)*$",
    "module_name": "^[a-z][a-z0-9_]*$",
}
# Control characters, line separators, bidirectional controls and Jinja tags.
BIDIRECTIONAL = "".join(f"\\u{ord(each):04x}" for each in sorted(hook.BIDIRECTIONAL))
TAGS = "".join(tag[1] for tag in hook.TAGS)
NO_TEXT = rf"[\u0000-\u001f\u007f-\u009f\u2028\u2029{BIDIRECTIONAL}]|\{{[{TAGS}]"
SPACE = r"[ \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]"


def private() -> list[Any]:
    """Return the lists in cookiecutter.json and its settings, as the hook gets them."""
    settings = [QUESTIONS["_jinja2_env_vars"], QUESTIONS["_new_lines"]]
    lists = [QUESTIONS["_taken"], QUESTIONS["_files"], settings]
    # Jinja's filter tojson sorts.
    parsed: list[Any] = json.loads(json.dumps(lists, sort_keys=True))
    return parsed


def placeholder() -> str:
    """Return a pattern of the placeholder, in any case and spacing."""
    words = hook.PLACEHOLDER.split()
    patterns = ("".join(f"[{c.upper()}{c.lower()}]" for c in word) for word in words)
    return f"^{SPACE}*{f'{SPACE}+'.join(patterns)}{SPACE}*$"


def schema() -> dict[str, Any]:
    """Return a JSON Schema of the answers.

    It has no ``$schema``: its keywords mean the same from draft 7 to 2020-12, and some form
    libraries reject a draft that they do not know.
    https://json-schema.org/draft/2020-12/json-schema-validation
    """
    licensed = {"not": {"const": "none"}}
    named = {"not": {"$ref": "#/$defs/placeholder"}}
    return {
        "title": "Answers for a hello-world Flask project",
        "type": "object",
        "properties": {question: schema_of(question) for question in ASKED},
        "if": {"properties": {"license": licensed}, "required": ["license"]},
        "then": {"properties": {"full_name": named}},
        "$defs": {
            **{question: {"enum": names_for(question)} for question in NAMES},
            "placeholder": {"pattern": placeholder()},
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
            "description": f"{why_not(question, '')}".capitalize(),
            "type": "string",
            "pattern": NAMES[question],
            "maxLength": hook.LONGEST_NAME,
            "not": {"$ref": f"#/$defs/{question}"},
        }
    return {
        "title": prompt,
        "type": "string",
        "default": QUESTIONS[question],
        "pattern": r"\S",
        "maxLength": hook.LONGEST_TEXT,
        "not": {"pattern": NO_TEXT},
    }


def files() -> dict[Path, str]:
    """Return the text of every file that this program writes, by path."""
    text = json.dumps(schema(), ensure_ascii=False, indent=2)
    rules = HOOK.read_text(encoding="utf-8")
    rules = re.sub(
        r"(?m)^CHECKSUM = \d+$", f"CHECKSUM = {hook.checksum(private())}", rules
    )
    return {SCHEMA: f"{text}\n", HOOK: rules}


def main() -> None:
    """Write answers.schema.json, and the checksum into the hook."""
    for file, text in files().items():
        file.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()

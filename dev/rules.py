"""The rules of the first hook, with the lists of cookiecutter.json."""

import re
from collections.abc import Mapping
from typing import Any

from text_unidecode import unidecode

from dev.variants import QUESTIONS
from hooks import pre_gen_project as hook

TAKEN: hook.Taken = QUESTIONS["_taken"]
# The questions about texts, and what the hook suggests if nothing is left of an answer.
TEXTS = {each: text for each, text in hook.FALLBACKS.items() if each not in hook.NAMES}


def taken_for(question: str) -> dict[str, list[str]]:
    """Return the taken names for ``question``, by reason."""
    return {
        reason: names
        for questions, reasons in TAKEN.items()
        if question in questions.split()
        for reason, names in reasons.items()
    }


def names_with(words: str, question: str = "module_name") -> set[str]:
    """Return the taken names for ``question`` of the only reason that contains ``words``."""
    (names,) = [each for reason, each in taken_for(question).items() if words in reason]
    return {*names}


def names_for(question: str) -> list[str]:
    """Return all taken names for ``question``."""
    return [name for names in taken_for(question).values() for name in names]


def why_not(question: str, answer: str) -> str | None:
    """Return why ``answer`` to ``question`` is rejected, or None if it is accepted."""
    return hook.why_not(question, answer, TAKEN)


def similar(question: str, answer: str) -> str:
    """Return what the hook suggests instead of the rejected ``answer`` to ``question``."""
    return hook.verdict(question, {question: answer}, TAKEN)[2]


def find_problems(answers: Mapping[str, str]) -> list[str]:
    """Return the sentences of the hook about rejected ``answers``."""
    return hook.find_problems({**answers}, TAKEN)


def written(answers: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """Return the paths of the folders and the files that a bake with ``answers`` writes."""
    return hook.written({**answers}, QUESTIONS["_files"])


def as_data() -> dict[str, Any]:
    """Return what a page needs to check answers, and does not say again by itself."""
    characters = [*map(chr, range(0x2100)), *hook.TAGS]
    wrong = {each: hook.why_not_text(f"x{each}") for each in characters}
    spelled = [
        c for c in characters if "\x7f" < c < "\u0530" or "\u1fff" < c < "\u2100"
    ]
    digits = [c for c in map(chr, range(0x20000)) if c.isdigit() > c.isdecimal()]
    return {
        "taken": TAKEN,
        "characters": {each: reason for each, reason in wrong.items() if reason},
        "letters": {c: unidecode(c) for c in spelled if unidecode(c)},
        "digits": "".join(digits),
        "blank": "".join(hook.BLANK),
        "unquotable": re.escape("".join(hook.UNQUOTABLE)),
        "empty": hook.why_not_text(""),
        "invisible": hook.why_not_text("\u0301"),
        "tooLong": hook.TOO_LONG,
        "read": why_not("module_name", "\uff2eAME"),
        "held": hook.why_not_holder(hook.PLACEHOLDER, {"license": "MIT"}),
        "fallbacks": hook.FALLBACKS,
    }

"""The questions of the template, and the variants that follow from their answers."""

import json
from collections.abc import Mapping
from itertools import combinations, product
from pathlib import Path
from typing import Any

TEMPLATE = Path(__file__).parent.parent
QUESTIONS: dict[str, Any] = json.loads(
    (TEMPLATE / "cookiecutter.json").read_text(encoding="utf-8")
)
ASKED = [question for question in QUESTIONS if not question.startswith("_")]
CHOICES: dict[str, list[str]] = {
    question: QUESTIONS[question]
    for question in ASKED
    if isinstance(QUESTIONS[question], list)
}

Variant = dict[str, str]
VARIANTS: list[Variant] = [
    dict(zip(CHOICES, answers, strict=True)) for answers in product(*CHOICES.values())
]


def covering(variants: list[Variant]) -> list[Variant]:
    """Return a few of the ``variants`` in which each pair of answers occurs.

    Each in turn is the one with the most pairs that do not occur yet.
    """

    def pairs(variant: Variant) -> set[tuple[tuple[str, str], tuple[str, str]]]:
        return set(combinations(variant.items(), 2))

    missing = set().union(*map(pairs, variants))
    chosen = []
    while missing:
        chosen.append(max(variants, key=lambda variant: len(pairs(variant) & missing)))
        missing -= pairs(chosen[-1])
    return chosen


def code_of(variant: Variant) -> tuple[str, str, bool]:
    """Return what the Python code of a variant depends on, and its production command."""
    return variant["layout"], variant["server"], variant["deploy"] != "none"


COVERING = covering(VARIANTS)
# One variant for each distinct code, of those that cover most pairs of answers.
DISTINCT = list(
    {code_of(each): each for each in reversed(COVERING + VARIANTS)}.values()
)
DEFAULT = VARIANTS[0]
FULLEST: Variant = {
    "layout": "package",
    "server": "granian",
    "deploy": "kubernetes",
    "ci": "github",
    "license": "Apache-2.0",
}
HOLDER = {"full_name": "Ada Lovelace"}
LONGEST_NAME = "a" + "bcdefghi_" * 5 + "jklm"
NAMES = {
    "shortest": {"project_slug": "x", "module_name": "x", **HOLDER},
    "usual": {"project_slug": "my-shop", "module_name": "shop", **HOLDER},
    "longest": {
        "project_slug": LONGEST_NAME.replace("_", "-"),
        "module_name": LONGEST_NAME,
        **HOLDER,
    },
}
LAYOUTS = CHOICES["layout"]
SERVERS_AND_LAYOUTS = list(product(CHOICES["server"], LAYOUTS))


def with_holder(answers: Mapping[str, str]) -> dict[str, str]:
    """Return ``answers``, with a holder if they choose a license and have none."""
    holder = {} if answers.get("license", "none") == "none" else HOLDER
    return {**holder, **answers}


def name_of(variant: Variant) -> str:
    """Return the name of a variant in reports."""
    return "-".join(variant.values())

"""The questions of the template, their choices, and the variants that these form."""

import json
from collections.abc import Mapping
from itertools import combinations, cycle, product
from pathlib import Path
from typing import Any

from hooks import pre_gen_project as hook

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
    """Return a covering set: a few ``variants`` that contain every pair of answers.

    The choice is greedy: next comes the variant with the most missing pairs.
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
    """Return the answers that determine a variant's Python code and production command."""
    return variant["layout"], variant["server"], variant["deploy"] != "none"


COVERING = covering(VARIANTS)
# One variant for every ``code_of``, preferably from the covering set.
DISTINCT = list(
    {code_of(each): each for each in reversed(COVERING + VARIANTS)}.values()
)
DEFAULT = VARIANTS[0]
SMALLEST: Variant = {
    **{question: "none" for question, choices in CHOICES.items() if "none" in choices},
    "layout": "module",
    "server": "granian",
}
FULLEST: Variant = {
    **VARIANTS[-1],  # For a question that somebody adds.
    "layout": "service",
    "server": "granian",
    "deploy": "kubernetes",
    "ci": "github",
    "license": "Apache-2.0",
}
HOLDER = {"full_name": "Ada Lovelace"}
LONGEST_NAME = ("a" + "bcdefghi_" * hook.LONGEST_NAME)[: hook.LONGEST_NAME]
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
# A service has the server, the middleware and the settings of a package, which tests them.
PAGES = [layout for layout in LAYOUTS if layout != "service"]
SERVERS_AND_PAGES = list(product(CHOICES["server"], PAGES))
# Each server once, with the layouts in turn.
DIAGONAL = list(zip(CHOICES["server"], cycle(PAGES), strict=False))
# The Dockerfile's lines depend on the server or on the layout, except for the command.
IN_CONTAINERS = [*DIAGONAL, ("granian", "service")]


def with_holder(answers: Mapping[str, str]) -> dict[str, str]:
    """Return ``answers``, with HOLDER added if they choose a license without a holder."""
    holder = {} if answers.get("license", "none") == "none" else HOLDER
    return {**holder, **answers}


def name_of(variant: Variant) -> str:
    """Return the ID of a variant for test reports."""
    return "-".join(variant.values())

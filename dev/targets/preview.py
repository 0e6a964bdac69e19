"""Bake every variant and write build/preview.html, a page that shows the files of each.

``make preview`` runs it. The page needs no other file and no server.
"""

import json
import re
import sys
import tempfile
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from cookiecutter import generate, prompt
from cookiecutter.extensions import TimeExtension

from dev.projects import asked
from dev.rules import as_data
from dev.targets.schema import schema
from dev.values import ADDRESS, OF_PROJECTS
from dev.variants import CHOICES, QUESTIONS, TEMPLATE
from hooks import pre_gen_project as hook

PAGE = Path(__file__).with_suffix(".html")
OUTPUT = TEMPLATE / "build" / PAGE.name
# The lengths of the module from which some text is another one.
README = (TEMPLATE / OF_PROJECTS / "README.md").read_text(encoding="utf-8")
LIMITS = sorted(map(int, re.findall(r"name \| length < (\d+)", README)))
# Answers that stand out: only they contain "qq", and all ways to write them differ.
MODULES = ["qq_8000", *("qq_8000".ljust(limit, "q") for limit in LIMITS)]
TEXTS = {each: f'qq{each}"\\$qq' for each in hook.FALLBACKS if each not in hook.NAMES}
# How files write an answer: the page has a function of each name.
WAYS = {
    "port": ("8000", '"${PORT:-8000}"'),
    "markdown": (r"(\\)", r"\\\1"),
    "docker": (r'(["\\$])', r"\\\1"),
    "quoted": (r'(["\\])', r"\\\1"),
    "plain": ("", ""),
}
# The facts that decide which files a project has, and their texts beside typed answers.
FACTS = [*CHOICES, "names", "length"]
NAMES = [("differ", "0"), *(("same", str(i)) for i in range(len(MODULES)))]
KEYS = [(*key, *names) for key in product(*CHOICES.values()) for names in NAMES]


def files() -> dict[str, Any]:
    """Return the files of all bakes; each distinct text and line is in it once."""
    texts, lines = dict[str, int](), dict[str, int]()
    paths: dict[str, dict[tuple[str, ...], int]] = {}
    with tempfile.TemporaryDirectory() as folder:
        for key in KEYS:
            for path, text in bake(folder, *key).items():
                paths.setdefault(path, {})[key] = texts.setdefault(text, len(texts))
    rows = [text.split("\n") for text in texts]
    return {
        "files": [[path, *table(by_key)] for path, by_key in paths.items()],
        "texts": [[lines.setdefault(each, len(lines)) for each in row] for row in rows],
        "lines": [*lines],
    }


def bake(folder: str, *key: str) -> dict[str, str]:
    """Return the text of each file of the bake with ``key``, by path, with places."""
    *choices, names, length = key
    module = MODULES[int(length)]
    slug = module.replace("_", "-") if names == "same" else "qq-slug"
    given = {"project_slug": slug, "module_name": module, **TEXTS}
    answers = asked(**given, **dict(zip(CHOICES, choices, strict=True)))
    # The hooks would reject these names. Without hooks, the files are the same.
    how = {"overwrite_if_exists": True, "accept_hooks": False}
    context, baked = {"cookiecutter": answers}, {}
    project = Path(generate.generate_files(TEMPLATE, context, folder, **how))
    for file in [each for each in project.rglob("*") if each.is_file()]:
        path = with_places(file.relative_to(project).as_posix(), slug, module)
        baked[path] = with_places(file.read_bytes().decode(), slug, module)
        file.unlink()
    return baked


@cache
def with_places(text: str, slug: str, module: str) -> str:
    """Return ``text`` with a place, such as «full_name quoted», for each answer in it."""
    given = {"project_slug": slug, "module_name": module, **TEXTS}
    for (question, answer), (way, rule) in product(given.items(), WAYS.items()):
        written = re.sub(*rule, answer)
        if way == "plain" or written != answer:
            text = text.replace(written, f"«{question} {way}»")
    if unknown := re.search(".*qq.*", text):
        raise ValueError(f"WAYS does not cover an answer in: {unknown[0]}")
    return re.sub(rf'"({"|".join(CHOICES)})": "[^"]*"', r'"\1": "«\1 plain»"', text)


def table(by_key: dict[tuple[str, ...], int]) -> tuple[list[str], dict[str, int]]:
    """Return the facts that decide the text of a file, and its texts by their values."""
    which = []
    for i in range(len(FACTS)):
        pairs = {(key[:i] + key[i + 1 :], by_key.get(key)) for key in KEYS}
        if len(pairs) > len({others for others, _ in pairs}):
            which.append(i)
    texts = {",".join(key[i] for i in which): text for key, text in by_key.items()}
    return [FACTS[i] for i in which], texts


def bake_faster() -> None:
    """Let cookiecutter compile each template once, and write a place for the year."""
    environment = generate.create_env_with_context({"cookiecutter": QUESTIONS})
    loader = generate.FileSystemLoader([".", "../templates"])
    vars(prompt)["create_env_with_context"] = lambda _: environment
    vars(generate)["create_env_with_context"] = lambda _: environment
    vars(generate)["FileSystemLoader"] = lambda _: loader
    vars(generate)["is_binary"] = cache(generate.is_binary)
    vars(environment)["from_string"] = cache(environment.from_string)
    TimeExtension._now = lambda *_: "«year plain»"


def main() -> None:
    """Write OUTPUT; its command bakes the release that the command line names, if any."""
    bake_faster()
    facts = {"template": ADDRESS, "checkout": "".join(sys.argv[1:]), "limits": LIMITS}
    data = {**facts, **schema(), **as_data(), **files()}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    page = PAGE.read_text(encoding="utf-8").replace("ADDRESS", ADDRESS)
    page = page.replace("DATA", text.replace("<", "\\u003c"))
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(page, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()

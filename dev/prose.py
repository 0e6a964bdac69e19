"""Extract the prose of the template: what people read, without code."""

import json
import re
from collections.abc import Iterator

from dev.projects import template_files
from dev.variants import TEMPLATE

# A page that a program writes.
WRITTEN = ("docs/benchmarks.md",)
CODE = re.compile(
    r"^ *```.*?^ *```$|``[^`]*``|`[^`]*`|<[^>\n]*>", re.DOTALL | re.MULTILINE
)
LINKS = re.compile(r"\]\([^)]*\)")
# Other texts in three quotes come first: they follow something on their line.
PROSE = re.compile(
    r'\S *"""(?s:.+?)"""|"""((?s:.+?))"""|(?:^ *|  )# (.+)|def (test_\w+)', re.MULTILINE
)
JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)


def texts() -> Iterator[tuple[str, str]]:
    """Yield the path and the prose of every file of the template that contains prose."""
    for path in template_files():
        name = path.relative_to(TEMPLATE).as_posix()
        if name in WRITTEN:
            continue
        if path.suffix == ".md":
            yield name, of_markdown(path.read_text(encoding="utf-8"))
        elif ".py" in path.name:
            text = path.read_text(encoding="utf-8")
            yield name, of_python(JINJA.sub("", text) if "{" in name else text)
        elif name == "cookiecutter.json":
            prompts = json.loads(path.read_text(encoding="utf-8"))["__prompts__"]
            yield name, json.dumps(prompts, ensure_ascii=False)


def of_markdown(text: str) -> str:
    """Return ``text`` without link targets, its code and Jinja replaced by CODE."""
    return LINKS.sub("]", CODE.sub("CODE", JINJA.sub("CODE", text)))


def of_python(source: str) -> str:
    """Return the docstrings, comments and test names in the Python ``source``."""
    found = PROSE.findall(source)
    parts = [text or comment or name.replace("_", " ") for text, comment, name in found]
    return of_markdown("\n".join(parts))

"""Extract the prose of the template: what people read, without code."""

import ast
import io
import json
import re
import tokenize
from collections.abc import Iterator

from dev.projects import template_files
from dev.variants import TEMPLATE

RENDERED = "{{cookiecutter.project_slug}}"
# A page that a program writes.
WRITTEN = ("docs/benchmarks.md",)
CODE = re.compile(
    r"^ *```.*?^ *```$|``[^`]*``|`[^`]*`|<[^>\n]*>", re.DOTALL | re.MULTILINE
)
LINKS = re.compile(r"\]\([^)]*\)")
JINJA = re.compile(r"\{%.*?%\}|\{\{.*?\}\}|\{#.*?#\}", re.DOTALL)


def texts() -> Iterator[tuple[str, str]]:
    """Yield the path and the prose of every file of the template that contains prose."""
    for path in template_files():
        name = path.relative_to(TEMPLATE).as_posix()
        if name in WRITTEN:
            continue
        if path.suffix == ".md":
            yield name, of_markdown(path.read_text(encoding="utf-8"))
        elif path.suffix == ".py" and RENDERED not in name:
            yield name, of_python(path.read_text(encoding="utf-8"))
        elif ".py" in path.name and RENDERED in name:
            yield name, of_template(path.read_text(encoding="utf-8"))
        elif name == "cookiecutter.json":
            prompts = json.loads(path.read_text(encoding="utf-8"))["__prompts__"]
            yield name, json.dumps(prompts, ensure_ascii=False)


def of_markdown(text: str) -> str:
    """Return ``text`` without link targets, its code and Jinja replaced by CODE."""
    return LINKS.sub("]", CODE.sub("CODE", JINJA.sub("CODE", text)))


def of_python(source: str) -> str:
    """Return the docstrings, comments and test names in the Python ``source``."""
    parts = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            parts.append(ast.get_docstring(node) or "")
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
            parts.append(node.name.replace("_", " "))
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    parts += [each.string for each in tokens if each.type == tokenize.COMMENT]
    return of_markdown("\n".join(parts))


def of_template(source: str) -> str:
    """Return the docstrings and comments in ``source``, Python with Jinja tags."""
    parts = re.findall(r'"""((?s:.+?))"""|# (.+)', JINJA.sub("", source))
    return of_markdown("\n".join(docstring or comment for docstring, comment in parts))

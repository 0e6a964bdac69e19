"""Bake two projects and write their file trees and main files to docs/examples.md.

``make examples`` runs it.
"""

import tempfile
from collections.abc import Iterable
from pathlib import Path

from dev.projects import Project, asked, bake
from dev.variants import SMALLEST, TEMPLATE

PAGE = TEMPLATE / "docs" / "examples.md"
INTRODUCTION = """\
# Examples

`make examples` bakes these two projects and writes this page.
"""
# Answers, and the files to show; none of them contains the template's version.
EXAMPLES: dict[str, tuple[dict[str, str], list[str]]] = {
    "The smallest project": (
        dict(SMALLEST),
        [
            "hello.py",
            "tests/test_hello.py",
            ".flaskenv",
        ],
    ),
    "A package in a container": (
        {
            "project_name": "Order Service",
            "project_slug": "order-service",
            "module_name": "orders",
            "full_name": "Ada Lovelace",
            "layout": "package",
            "deploy": "container",
            "ci": "github",
            "license": "MIT",
        },
        [
            "src/orders/__init__.py",
            "src/orders/settings.py",
            "src/orders/security_headers.py",
            "src/orders/views.py",
            "src/orders/templates/index.html",
            "tests/conftest.py",
            "tests/test_views.py",
            "Dockerfile",
            "compose.yaml",
        ],
    ),
}
LANGUAGES = {".py": "python", ".html": "html", ".yaml": "yaml"}


def page(folder: Path) -> str:
    """Bake EXAMPLES in ``folder`` and return the page, in Markdown."""
    parts, defaults = [INTRODUCTION], asked()
    for title, (answers, files) in EXAMPLES.items():
        project = bake(folder, **answers)
        given = "\n".join(
            f"- `{name}`: {answer}"
            for name, answer in answers.items()
            if answer != defaults[name]
        )
        parts += [
            f"## {title}\n",
            f"Answers, all others being the defaults:\n\n{given}\n" if given else "",
            f"```text\n{tree(project)}\n```\n",
            *(shown(project, file) for file in files),
        ]
    return "\n".join(filter(None, parts))


def tree(project: Project) -> str:
    """Return a drawing of the file tree of ``project``."""
    return "\n".join([f"{project.folder.name}/", *branches(project.folder.iterdir())])


def branches(paths: Iterable[Path]) -> list[str]:
    """Return the lines of the drawing for ``paths`` and everything below, sorted."""
    lines = []
    children = sorted(paths)
    for child in children:
        last = child is children[-1]
        slash = "/" if child.is_dir() else ""
        lines.append(f"{'└── ' if last else '├── '}{child.name}{slash}")
        if child.is_dir():
            indent = "    " if last else "│   "
            lines += [f"{indent}{line}" for line in branches(child.iterdir())]
    return lines


def shown(project: Project, file: str) -> str:
    """Return a heading for ``file`` of ``project`` and its text in a fenced block."""
    language = LANGUAGES.get(Path(file).suffix, "text")
    if file == "Dockerfile":
        language = "dockerfile"
    return f"### `{file}`\n\n```{language}\n{project.read(file)}```\n"


def main() -> None:
    """Write docs/examples.md."""
    with tempfile.TemporaryDirectory() as folder:
        PAGE.write_text(page(Path(folder)), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()

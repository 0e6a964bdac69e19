"""The structure of a Markdown text, to see whether an answer changed more than its place."""

from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

# GitHub's tables and strikethrough come on top of the standard.
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


class Block(NamedTuple):
    """A block, or the end of one: its kind, and its Markdown."""

    kind: str
    tag: str
    level: int
    info: str
    content: str


def blocks_and_definitions(markdown: str) -> tuple[list[Block], dict[str, object]]:
    """Return all blocks of ``markdown``, in order, and the targets that links can name."""
    found: dict[str, object] = {}
    tokens = PARSER.parse(markdown, found)
    blocks = [Block(t.type, t.tag, t.level, t.info, t.content) for t in tokens]
    return blocks, found


def shown(markdown: str) -> str | None:
    """Return the text of a line of ``markdown``, or None if there is more than text in it."""
    (line,) = PARSER.parseInline(markdown)
    parts: list[Token] = line.children or []
    if {part.type for part in parts} <= {"text", "text_special"}:
        return "".join(part.content for part in parts)
    return None

"""Parse Markdown, to check that an answer changes no structure around it."""

from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token

# GitHub adds tables and strikethrough to CommonMark.
PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


class Block(NamedTuple):
    """The start or end of a block, from the token of markdown-it."""

    kind: str
    tag: str
    level: int
    info: str
    content: str


def blocks_and_definitions(markdown: str) -> tuple[list[Block], dict[str, object]]:
    """Return the blocks of ``markdown``, in order, and its link reference definitions."""
    found: dict[str, object] = {}
    tokens = PARSER.parse(markdown, found)
    blocks = [Block(t.type, t.tag, t.level, t.info, t.content) for t in tokens]
    return blocks, found


def shown(markdown: str) -> str | None:
    """Return the plain text of one line of ``markdown``, or None if it has any markup."""
    (line,) = PARSER.parseInline(markdown)
    parts: list[Token] = line.children or []
    if {part.type for part in parts} <= {"text", "text_special"}:
        return "".join(part.content for part in parts)
    return None

"""Extract and run the commands in README.md and DEPLOY.md."""

import re
from collections.abc import Mapping
from pathlib import Path

from dev.commands import run
from dev.servers import free_port, serving
from dev.variants import TEMPLATE


def blocks(markdown: str, language: str = "bash") -> list[str]:
    """Return the text of every fenced block of ``language`` in ``markdown``."""
    pattern = rf"^```{language}\n(.*?)^```$"
    return re.findall(pattern, markdown, re.DOTALL | re.MULTILINE)


def commands(markdown: str) -> list[str]:
    """Return the lines of the bash blocks in ``markdown``, then its inline code."""
    text = re.sub(r"^```.*?^```$", "", markdown, flags=re.DOTALL | re.MULTILINE)
    return "".join(blocks(markdown)).splitlines() + re.findall(r"`([^`]+)`", text)


def section(markdown: str, heading: str) -> str:
    """Return the text under the second-level ``heading``; raise ValueError if missing."""
    _, text = f"{markdown}\n## ".split(f"\n## {heading}\n", 1)
    return text.partition("\n## ")[0]


def blocks_of(path: str) -> list[str]:
    """Return the bash blocks in the file ``path`` of the template, unrendered."""
    return blocks((TEMPLATE / path).read_text(encoding="utf-8"))


def follow(
    block: str, folder: Path, *, input: str = "", env: Mapping[str, str] | None = None
) -> str:
    """Run a bash block in ``folder`` and return its output.

    If it starts a server, move that to a free port and return its page. Raise
    AssertionError if a command fails.
    """
    if not re.search(r"flask( .*)? run\b|granian|gunicorn", block):
        return run(in_bash(block), folder, input=input, env=env)
    port = free_port()
    block = re.sub(r"(--port |0\.0\.0\.0:)\d+", rf"\g<1>{port}", block)
    with serving(in_bash(block), folder, port=port, env=env) as server:
        return server.get().text


def in_bash(block: str) -> list[str]:
    """Return the command that runs ``block`` in bash and stops at the first failure."""
    return ["bash", "-euo", "pipefail", "-c", block]

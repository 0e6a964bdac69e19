"""The commands in READMEs and in DEPLOY.md."""

import re
from collections.abc import Mapping
from pathlib import Path

from dev.commands import run
from dev.servers import free_port, serving
from dev.variants import TEMPLATE


def blocks(markdown: str) -> list[str]:
    """Return the text of each block of bash in ``markdown``."""
    return re.findall(r"^```bash\n(.*?)^```$", markdown, re.DOTALL | re.MULTILINE)


def blocks_of(path: str) -> list[str]:
    """Return the blocks of bash in a file of the template, not rendered."""
    return blocks((TEMPLATE / path).read_text(encoding="utf-8"))


OF_EVERY_PROJECT = blocks_of("{{cookiecutter.project_slug}}/README.md")
OF_PRODUCTION = blocks_of("templates/deploy/granian.md")
OF_CONTAINERS = blocks_of("templates/deploy/container.md")
OF_KUBERNETES = blocks_of("templates/deploy/kubernetes.md")
OF_RELEASES = blocks_of("templates/deploy/releases.md")
OF_WEEKLY_RUNS = blocks_of("templates/deploy/weekly.md")


def follow(
    block: str, folder: Path, *, input: str = "", env: Mapping[str, str] | None = None
) -> str:
    """Do what a block says and return what it prints, or the page if it starts a server."""
    if not re.search(r"flask( .*)? run\b|granian|gunicorn", block):
        return run(in_bash(block), folder, input=input, env=env)
    port = free_port()
    block = re.sub(r"(--port |0\.0\.0\.0:)\d+", rf"\g<1>{port}", block)
    with serving(in_bash(block), folder, port=port, env=env) as server:
        return server.get().text


def in_bash(block: str) -> list[str]:
    """Return the command that runs a block in bash and stops at its first failure."""
    return ["bash", "-euo", "pipefail", "-c", block]

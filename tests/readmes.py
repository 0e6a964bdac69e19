"""The commands in READMEs."""

import re

from baking import TEMPLATE, free_port, run, serving


def blocks(markdown):
    """Return the text of each block of bash in ``markdown``."""
    return re.findall(r"^```bash\n(.*?)^```$", markdown, re.DOTALL | re.MULTILINE)


def blocks_of(path):
    """Return the blocks of bash in a file of the template, not rendered."""
    return blocks((TEMPLATE / path).read_text(encoding="utf-8"))


OF_EVERY_PROJECT = [
    *blocks_of("{{cookiecutter.project_slug}}/README.md"),
    *blocks_of("templates/readme/granian.md"),
]
OF_CONTAINERS = blocks_of("templates/readme/container.md")
OF_KUBERNETES = blocks_of("templates/readme/kubernetes.md")


def follow(block, folder, **options):
    """Do what a block says and return what it prints, or the page if it starts a server."""
    script = ["bash", "-euo", "pipefail", "-c", block]
    if not re.search(r"flask( .*)? run\b|granian|gunicorn", block):
        return run(script, folder, **options)
    port = free_port()
    script[-1] = re.sub(r"(--port |0\.0\.0\.0:)\d+", rf"\g<1>{port}", block)
    with serving(script, folder, port=port) as server:
        return server.get().text

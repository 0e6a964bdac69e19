"""What the READMEs tell to type does what they say."""

import re
import shutil

import pytest
from baking import (
    ASKED,
    GREETING,
    LAYOUTS,
    TEMPLATE,
    WINDOWS,
    copy_template,
    free_port,
    run,
    serving,
)

pytestmark = pytest.mark.skipif(WINDOWS, reason="these blocks are for bash")


def blocks(markdown):
    """Return the text of each block of bash in ``markdown``."""
    return re.findall(r"^```bash\n(.*?)^```$", markdown, re.DOTALL | re.MULTILINE)


PROJECT_README = TEMPLATE / "{{cookiecutter.project_slug}}" / "README.md"
NUMBERS = range(len(blocks(PROJECT_README.read_text(encoding="utf-8"))))


def follow(block, folder, **options):
    """Do what a block says and return what it prints, or the page if it starts a server."""
    script = ["bash", "-euo", "pipefail", "-c", block]
    if not re.search(r"flask( .*)? run\b", block):
        return run(script, folder, **options)
    port = free_port()
    script[-1] = re.sub(r"--port \d+", f"--port {port}", block)
    with serving(script, folder, port=port) as server:
        return server.get().text


@pytest.mark.parametrize("number", NUMBERS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_commands_of_a_project(bake, tmp_path, layout, number):
    project = bake(layout=layout).copy(tmp_path / "hello")
    block = blocks(project.read("README.md"))[number]
    said = follow(block, project.folder)
    if block.rstrip().endswith("pytest"):
        assert " passed" in said
    elif block.rstrip().endswith("routes"):
        assert {"module": "hello_world", "package": "views.index"}[layout] in said
    else:
        assert GREETING in said


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_command_of_a_project_is_run(bake, layout):
    assert len(blocks(bake(layout=layout).read("README.md"))) == len(NUMBERS)


def test_commands_of_the_template(tmp_path):
    readme = (TEMPLATE / "README.md").read_text(encoding="utf-8")
    here = [
        block.replace("gh:org/flask-hello", str(TEMPLATE)) for block in blocks(readme)
    ]
    bake, start, bake_unattended, work = here
    home = {"HOME": str(tmp_path)}
    enter = "\n" * len(ASKED)
    assert "cd hello" in follow(bake, tmp_path, typed=enter, **home)
    assert follow(start, tmp_path) == GREETING
    follow(bake_unattended, tmp_path, **home)
    assert (tmp_path / "order-service/src/order_service/views.py").exists()
    assert work == "make hello\nmake test\n"


def test_make_hello_needs_nothing_of_ours(tmp_path, need):
    need(shutil.which("make"), "needs make: apt-get install make")
    said = run(["make", "hello"], copy_template(tmp_path / "flask-hello"))
    assert f" says: {GREETING}\n" in said
    assert " passed" in said
    assert "uv run flask run" in said


def test_make_alone_lists_the_targets(need):
    need(shutil.which("make"), "needs make: apt-get install make")
    makefile = (TEMPLATE / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    listed = [line.split("\t")[0] for line in run(["make"], TEMPLATE).splitlines()]
    assert listed == targets


def test_links_to_files_lead_somewhere(bake):
    links = r"\]\(([^):#]+)\)"
    project = bake(license="MIT")
    for folder, documents in ((TEMPLATE, "*.md"), (project.folder, "README.md")):
        found = [
            target
            for document in folder.glob(documents)
            for target in re.findall(links, document.read_text(encoding="utf-8"))
        ]
        assert found
        assert [target for target in found if not (folder / target).exists()] == []

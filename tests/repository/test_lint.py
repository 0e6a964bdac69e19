"""``make lint`` checks all code of the template."""

import re

import pytest

from dev.commands import run, tool
from dev.projects import template_files
from dev.variants import TEMPLATE

RENDERED = ("templates", "{{cookiecutter.project_slug}}")


def test_ruff_checks_every_file():
    makefile = (TEMPLATE / "Makefile").read_text(encoding="utf-8")
    (checked,) = re.findall(r"ruff check (.+)", makefile)
    (formatted,) = re.findall(r"ruff format --check (.+)", makefile)
    assert formatted == checked
    show = [tool("ruff"), "check", "--show-files", *checked.split()]
    listed = run(show, TEMPLATE).splitlines()
    ours = {
        str(path)
        for path in template_files()
        if path.suffix == ".py" and path.relative_to(TEMPLATE).parts[0] not in RENDERED
    }
    assert ours
    assert {path for path in listed if path.endswith(".py")} == ours


@pytest.mark.slow
@pytest.mark.expensive
def test_mypy_checks_every_tool_and_hook(tmp_path):
    output = run([tool("mypy"), "--cache-dir", tmp_path], TEMPLATE)
    ours = [*TEMPLATE.glob("dev/**/*.py"), *TEMPLATE.glob("hooks/*.py")]
    assert f" {len(ours)} source files" in output

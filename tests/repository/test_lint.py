"""``make lint`` checks all code of the template."""

import re

import pytest

from dev.commands import run, tool
from dev.projects import template_files
from dev.variants import TEMPLATE

RENDERED = ("templates", "{{cookiecutter.project_slug}}")


def own_files():
    """Return the paths of all Python files that belong to no project."""
    found = {
        str(path)
        for path in template_files()
        if path.suffix == ".py" and path.relative_to(TEMPLATE).parts[0] not in RENDERED
    }
    assert found
    return found


def test_fixture_names_are_unique():
    paths = TEMPLATE.glob("tests/**/*.py")
    text = "\n".join(path.read_text(encoding="utf-8") for path in paths)
    fixture = r"@pytest\.fixture\b(?:(?!\ndef ).)*\ndef (\w+)"
    names = re.findall(fixture, text, re.DOTALL)
    assert len(names) > 50
    assert len(names) == len(set(names))


def test_files_follow_editorconfig():
    for path in template_files():
        if path.suffix not in (".png", ".svg"):
            text = path.read_bytes().decode("utf-8")
            assert text.endswith("\n"), path
            assert not re.search(r"\r|[ \t]\n", text), path
            assert path.name == "Makefile" or not re.search(r"(?m)^ *\t", text), path


def test_ruff_checks_every_file():
    makefile = (TEMPLATE / "Makefile").read_text(encoding="utf-8")
    (checked,) = re.findall(r"ruff check (.+)", makefile)
    (formatted,) = re.findall(r"ruff format --check (.+)", makefile)
    assert formatted == checked
    show = [tool("ruff"), "check", "--show-files", *checked.split()]
    listed = run(show, TEMPLATE).splitlines()
    assert {path for path in listed if path.endswith(".py")} == own_files()


@pytest.mark.slow
@pytest.mark.expensive(reason="make lint runs mypy already")
def test_mypy_checks_every_file(tmp_path):
    output = run([tool("mypy"), "--cache-dir", tmp_path], TEMPLATE)
    assert f" {len(own_files())} source files" in output

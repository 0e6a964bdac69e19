"""Projects contain clean text for any answers."""

import re
from functools import cache

import pytest

from dev.commands import run, tool
from dev.linters import lint


@pytest.fixture(scope="session")
def linter(tmp_path_factory):
    """Return a function that lints a file, once for equal paths and texts."""

    @cache
    def linter(path, text):
        lint(path, text, tmp_path_factory.mktemp("lint"))

    return linter


def test_ruff_finds_nothing(every_project):
    options = ["--isolated", "--no-cache"]
    all_rules = ["--select=ALL", "--ignore=ANN401,COM812,CPY,D,INP001,PLR2004,S101"]
    run([tool("ruff"), "check", *options, *all_rules, "."], every_project.folder)
    run([tool("ruff"), "format", *options, "--check", "."], every_project.folder)


def test_linters_of_other_files_find_nothing(every_project, linter):
    for path in every_project.files():
        linter(path, every_project.read(path))


def test_no_jinja_is_left(every_project):
    for path in every_project.files():
        text = every_project.read(path)
        assert "cookiecutter" not in text, path
        if not path.endswith(".html"):
            # GitHub's own, docker's, and the first line of a page.
            own = r"\$\{\{.*?\}\}|'\{\{\.\w.*?\}\}'|`\{% extends \S+ %\}`"
            text = re.sub(own, "", text)
            assert not re.search(r"\{\{|\}\}|\{%|%\}|\{#", text), path


def test_no_litter(every_project):
    for path in every_project.files():
        text = every_project.read(path)
        assert re.fullmatch(r"[^\n][^\r\t]*\S\n", text), path
        assert not re.search(r"(?m) $", text), path
        blank_lines = 2 if path.endswith((".py", ".mako")) else 1
        assert "\n" * (blank_lines + 2) not in text, path

"""The files of the repository follow ``.editorconfig``."""

import re
from configparser import ConfigParser

from dev.projects import template_files
from dev.variants import TEMPLATE

FILES = [path for path in template_files() if path.suffix != ".png"]
SECTIONS = ConfigParser()
SECTIONS.read_string(
    "[top]\n" + (TEMPLATE / ".editorconfig").read_text(encoding="utf-8")
)


def is_for(pattern, path):
    """Return whether the section ``pattern`` applies to the file ``path``."""
    names = pattern.removeprefix("*.").strip("{}").split(",")
    return pattern == "*" or path.name in names or path.suffix[1:] in names


def faults(path):
    """Yield every violation in the file ``path``."""
    settings = {}
    for pattern in SECTIONS:
        if is_for(pattern, path):
            settings.update(SECTIONS[pattern])
    text = path.read_bytes().decode(settings["charset"])
    if settings["end_of_line"] == "lf" and "\r" in text:
        yield f"{path}: carriage return"
    if settings["insert_final_newline"] == "true" and not text.endswith("\n"):
        yield f"{path}: no newline at the end of the file"
    if settings["trim_trailing_whitespace"] == "true" and re.search(r"[ \t]\n", text):
        yield f"{path}: trailing white space"
    wrong = {"space": r"^ *\t", "tab": r"^ "}[settings["indent_style"]]
    if re.search(wrong, text, re.MULTILINE):
        yield f"{path}: wrong indentation character"


def test_files_follow_editorconfig():
    assert [fault for path in FILES for fault in faults(path)] == []


def test_every_section_applies_to_a_file():
    for pattern in SECTIONS.sections()[1:]:
        assert any(is_for(pattern, path) for path in FILES), pattern

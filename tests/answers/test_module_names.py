"""Module names that cannot work are rejected, with a reason and a suggestion."""

import keyword

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dev.projects import verbatim
from dev.rules import similar, why_not
from hooks.pre_gen_project import NAMES, half_character

NO_NAME = "must be a-z, 0-9 and _, starting with a letter"
FLASK = "would shadow the flask package that the project imports"
NFKC = "is not ASCII, and Python reads it as 'flask'"
# test_reserved_names.py tries every listed name.
REJECTED = {
    "flask": (FLASK, "flask_app"),
    "Flask": (NO_NAME, "flask_app"),
    "ｆｌａｓｋ": (NFKC, "flask_app"),
    "ﬂask": (NFKC, "flask_app"),
    "_pytest": (NO_NAME, "pytest_app"),
    "_": (NO_NAME, "hello"),
    "_x": (NO_NAME, "x"),
    "class": ("is a Python keyword", "class_app"),
    "org": ("is a module that Python looks for when a server starts", "org_app"),
    "__init__": (NO_NAME, "init"),
    "lpt9": ("is a reserved device name on Windows", "lpt9_app"),
    "1abc": (NO_NAME, "app_1abc"),
    "my-app": (NO_NAME, "my_app"),
    "my app": (NO_NAME, "my_app"),
    "my.app": (NO_NAME, "my_app"),
    "café": (NO_NAME, "cafe"),
    "../x": (NO_NAME, "x"),
    "": (NO_NAME, "hello"),
    "日本": (NO_NAME, "hello"),
    "hello\n": (NO_NAME, "hello"),
    "hello\0": (NO_NAME, "hello"),
    "a" * 51: ("is longer than 50 characters", "a" * 50),
    "a" * 300: ("is longer than 50 characters", "a" * 50),
    "x'; open('made', 'w'); '": (NO_NAME, "x_open_made_w"),
    'x"""); open("made", "w"); ("""': (NO_NAME, "x_open_made_w"),
    "{{ cookiecutter }}": (NO_NAME, "cookiecutter"),
}
ACCEPTED = [
    "hello", "app", "wsgi", "main", "match", "type", "case", "x", "flaskr", "flask_app",
    "hello_world", "api2", "print", "watchfiles", "env", "docs",
    "requests", "com", "com10", "console", "tests_", "py3", "a" * 50,
]  # fmt: skip


@pytest.mark.parametrize("name", REJECTED)
def test_rejected_with_reason_and_suggestion(name):
    reason, instead = REJECTED[name]
    assert why_not("module_name", name) == reason
    assert similar("module_name", name) == instead


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name):
    assert why_not("module_name", name) is None


@pytest.mark.parametrize(
    "name",
    ["flask", "ﬂask", "class", "", "hello\n", "a" * 300, "x'; open('made', 'w'); '"],
)
def test_bake_reports_one_problem(rejection, name):
    reason, instead = REJECTED[name]
    (sentence,) = rejection(module_name=verbatim(name))
    assert sentence.startswith("module_name ")
    assert sentence.endswith(f" {reason}; try {instead!r}.")


names = st.one_of(
    st.text(max_size=70),
    st.text("abcxyz019_- ", max_size=70),
    st.sampled_from([*keyword.kwlist, "flask", "pytest", "con", "ﬁle", "Ⅷ"]),
)


@given(names)
@example("-" * 60)
@example("a" * 46 + "-b" * 5)
def test_suggestion_is_accepted(name):
    for question in NAMES:
        assert why_not(question, similar(question, name)) is None or half_character(
            name
        )


@given(names)
def test_accepted_names_are_identifiers(name):
    if why_not("module_name", name) is None:
        assert name.isidentifier()
        assert not keyword.iskeyword(name)
        assert name == name.lower()
        assert len(name) <= 50

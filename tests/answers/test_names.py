"""Names that cannot work are rejected, with a reason and a suggestion."""

import keyword

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dev.projects import verbatim
from dev.rules import similar, why_not
from hooks.pre_gen_project import NAMES

NO_SLUG = "must be a-z, 0-9 and single inner hyphens, starting with a letter"
NO_NAME = "must be a-z, 0-9 and _, starting with a letter"
FLASK = "would shadow the flask package that the project imports"
NEEDED = "would replace the {} distribution that the project depends on"
NFKC = "is not ASCII, and Python reads it as 'flask'"
# test_reserved_names.py tries every listed name.
REJECTED = {
    "project_slug": {
        "../x": (NO_SLUG, "x"),
        "nope/../y": (NO_SLUG, "nope-y"),
        "nope/../../z": (NO_SLUG, "nope-z"),
        "a\\b": (NO_SLUG, "a-b"),
        "/nowhere/x": (NO_SLUG, "nowhere-x"),
        "": (NO_SLUG, "hello"),
        ".": (NO_SLUG, "hello"),
        "..": (NO_SLUG, "hello"),
        "C:x": (NO_SLUG, "c-x"),
        "~": (NO_SLUG, "hello"),
        "-rf": (NO_SLUG, "rf"),
        "y-": (NO_SLUG, "y"),
        "a--b": (NO_SLUG, "a-b"),
        "python--dotenv": (NO_SLUG, "python-dotenv-app"),
        "_": (NO_SLUG, "hello"),
        "1y": (NO_SLUG, "app-1y"),
        "my_slug": (NO_SLUG, "my-slug"),
        "Hello": (NO_SLUG, "hello"),
        "café": (NO_SLUG, "cafe"),
        "y\n": (NO_SLUG, "y"),
        "y\0": (NO_SLUG, "y"),
        "'; open('made', 'w'); '": (NO_SLUG, "open-made-w"),
        "a" * 51: ("is longer than 50 characters", "a" * 50),
        "a" * 300: ("is longer than 50 characters", "a" * 50),
        "flask": (NEEDED.format("flask"), "flask-app"),
        "python-dotenv": (NEEDED.format("python-dotenv"), "python-dotenv-app"),
        "scratch": ("is a name of an image that Docker reserves", "scratch-app"),
    },
    "module_name": {
        "flask": (FLASK, "flask_app"),
        "Flask": (NO_NAME, "flask_app"),
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
        "café": (NO_NAME, "cafe"),
        "../x": (NO_NAME, "x"),
        "": (NO_NAME, "hello"),
        "日本": (NO_NAME, "hello"),
        "hello\n": (NO_NAME, "hello"),
        "a" * 51: ("is longer than 50 characters", "a" * 50),
        "a" * 300: ("is longer than 50 characters", "a" * 50),
        "x'; open('made', 'w'); '": (NO_NAME, "x_open_made_w"),
        'x"""); open("made", "w"); ("""': (NO_NAME, "x_open_made_w"),
        "{{ cookiecutter }}": (NO_NAME, "cookiecutter"),
    },
}
ACCEPTED = {
    "project_slug": ["hello", "json", "dotenv", "flask-hello", "x", "a1", "a" * 50],
    "module_name": [
        "hello", "app", "wsgi", "main", "match", "type", "case", "x", "flaskr", "flask_app",
        "hello_world", "api2", "print", "watchfiles", "env", "docs",
        "requests", "com", "com10", "console", "tests_", "py3", "a" * 50,
    ],
}  # fmt: skip


def by_question(names):
    """Return the parameters for ``names``, which questions map to."""
    cases = [(question, name) for question in names for name in names[question]]
    return pytest.mark.parametrize(("question", "name"), cases)


@by_question(REJECTED)
def test_rejected_with_reason_and_suggestion(question, name):
    reason, instead = REJECTED[question][name]
    assert why_not(question, name) == reason
    assert similar(question, name) == instead


@by_question(ACCEPTED)
def test_accepted(question, name):
    assert why_not(question, name) is None


@pytest.mark.parametrize(
    "name",
    ["flask", "ﬂask", "class", "", "hello\n", "a" * 300, "x'; open('made', 'w'); '"],
)
def test_bake_reports_one_problem(rejection, name):
    reason, instead = REJECTED["module_name"][name]
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
        assert why_not(question, similar(question, name)) is None


@given(names)
def test_accepted_names_are_identifiers(name):
    if why_not("module_name", name) is None:
        assert name.isidentifier()
        assert not keyword.iskeyword(name)
        assert name == name.lower()
        assert len(name) <= 50

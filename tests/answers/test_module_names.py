"""Module names that cannot work are rejected, with a reason and a suggestion."""

import keyword

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dev.projects import verbatim
from dev.rules import similar, why_not
from hooks.pre_gen_project import NAMES, half_character

SHADOWS_PACKAGE = "would shadow the {} package that the project imports"
SHADOWS_MODULE = "would shadow the {} module of Python's standard library"
SHADOWS_TOOL = "would shadow the coverage package that pytest-cov imports"
NO_NAME = "must be a-z, 0-9 and _, starting with a letter"

REJECTED = {
    "flask": (SHADOWS_PACKAGE.format("flask"), "flask_app"),
    "Flask": (NO_NAME, "flask_app"),
    "ｆｌａｓｋ": ("is not ASCII, and Python reads it as 'flask'", "flask_app"),
    "ﬂask": ("is not ASCII, and Python reads it as 'flask'", "flask_app"),
    "jinja2": (SHADOWS_PACKAGE.format("jinja2"), "jinja2_app"),
    "dotenv": (SHADOWS_PACKAGE.format("dotenv"), "dotenv_app"),
    "pytest": (SHADOWS_PACKAGE.format("pytest"), "pytest_app"),
    "_pytest": (NO_NAME, "pytest_app"),
    "_": (NO_NAME, "hello"),
    "_x": (NO_NAME, "x"),
    "colorama": (SHADOWS_PACKAGE.format("colorama"), "colorama_app"),
    "granian": (SHADOWS_PACKAGE.format("granian"), "granian_app"),
    "gunicorn": (SHADOWS_PACKAGE.format("gunicorn"), "gunicorn_app"),
    "pythonjsonlogger": (
        SHADOWS_PACKAGE.format("pythonjsonlogger"),
        "pythonjsonlogger_app",
    ),
    "uvloop": (
        "would be mistaken for the uvloop package by the production server",
        "uvloop_app",
    ),
    "kubernetes": ("is the name of another file in the project", "kubernetes_app"),
    "class": ("is a Python keyword", "class_app"),
    "async": ("is a Python keyword", "async_app"),
    "json": (SHADOWS_MODULE.format("json"), "json_app"),
    "typing": (SHADOWS_MODULE.format("typing"), "typing_app"),
    "test": (SHADOWS_MODULE.format("test"), "test_app"),
    "imp": (SHADOWS_MODULE.format("imp"), "imp_app"),
    "annotationlib": (SHADOWS_MODULE.format("annotationlib"), "annotationlib_app"),
    "sitecustomize": (
        "is a module that Python imports at start-up",
        "sitecustomize_app",
    ),
    "tests": ("is the name of another file in the project", "tests_app"),
    "conftest": ("is the name of another file in the project", "conftest_app"),
    "test_views": ("is the name of another file in the project", "test_views_app"),
    "test_settings": (
        "is the name of another file in the project",
        "test_settings_app",
    ),
    "src": ("is the name of another file in the project", "src_app"),
    "numpy": ("would be mistaken for the numpy package by pytest", "numpy_app"),
    "org": ("is a module that Python looks for when a server starts", "org_app"),
    "instance": ("is a folder that Flask or a build tool creates", "instance_app"),
    "coverage": (SHADOWS_TOOL, "coverage_app"),
    "migrations": ("is a folder that Flask or a build tool creates", "migrations_app"),
    "static": ("is a folder that Flask or a build tool creates", "static_app"),
    "__pycache__": (NO_NAME, "pycache"),
    "__init__": (NO_NAME, "init"),
    "con": ("is a reserved device name on Windows", "con_app"),
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
    "'": (NO_NAME, "hello"),
    '"""': (NO_NAME, "hello"),
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


def test_error_for_flask_is_the_documented_one(rejection):
    assert rejection(module_name="flask") == [
        "module_name 'flask' would shadow the flask package that the project imports; "
        "try 'flask_app'."
    ]


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

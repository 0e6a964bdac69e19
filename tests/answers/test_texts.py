"""A text that people type arrives unchanged in the project, or is refused."""

import tomllib
from email.headerregistry import Address

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dev.projects import Project, verbatim
from dev.values import AUTHOR
from dev.variants import TEMPLATE, VARIANTS
from hooks.pre_gen_project import TEXTS, WHY_NOT, similar_text

UNPRINTABLE = "is not one line of printable characters"
CARRIED = [
    "O'Brien",
    'Grace "Amazing" Hopper',
    "ends with \\",
    'C:\\new\\table \\" \\u0041',
    "Zoë Ünïcödé 日本語",
    "emoji \N{PARTY POPPER}",
    '"""',
    "'''",
    "{{ 7 * 7 }} {% raw %} {# gone? #}",
    "<b>&amp;</b> $HOME `id` %s %(x)s {0}",
    "x'; open('made', 'w'); '",
    "# a comment? [a](b) *c* | d",
    "  spaces around  ",
    "a, b <c@d>; e: f",
    "x" * 300,
]
ADDRESSES = [
    "ada@example.com",
    "O'Brien+{tag}@mail.example",
    "root@localhost",
    "{{x}}@y",
]
NO_ADDRESSES = [
    "ada",
    "@",
    "ada@",
    "@example.com",
    "a@b@c",
    "a b@c",
    "a..b@c",
    "ada@c.",
    "é@b",
]
REFUSED = [
    "line\nline",
    "line\r\nline",
    "bell \a",
    "tab\t",
    "nul \0",
    "\x1b[31m",
    "\u202e",
    "\u2028",
]


def carried(project):
    """Return the texts that the project's metadata have, by the name of their question."""
    metadata = tomllib.loads(project.read("pyproject.toml"))["project"]
    (author,) = metadata["authors"]
    return {
        "description": metadata["description"],
        "full_name": author["name"],
    }


@pytest.mark.parametrize("layout", ["module", "package"])
@pytest.mark.parametrize("text", CARRIED)
def test_arrives_unchanged(bake, text, layout):
    answers = dict.fromkeys(TEXTS, verbatim(text)) | {"project_slug": "hello"}
    del answers["email"]
    if not any(map(str.isalnum, text)):
        del answers["project_name"]
    project = bake(**answers, layout=layout, license="MIT")
    assert carried(project) == dict.fromkeys(carried(project), text)
    readme = project.read("README.md").splitlines()
    assert text in readme
    assert "project_name" not in answers or readme[0] == f"# {text}"
    (copyright_,) = [
        line for line in project.read("LICENSE").splitlines() if "(c)" in line
    ]
    assert copyright_.endswith(f" {text}")


@pytest.mark.parametrize("question", TEXTS)
@pytest.mark.parametrize("text", REFUSED, ids=ascii)
def test_refused_with_what_can_be_typed_instead(rejection, question, text):
    (sentence,) = rejection(**{question: verbatim(text), "project_slug": "hello"})
    instead = similar_text(question, text)
    assert sentence == f"{question} {text!a} {UNPRINTABLE}; try {instead!a}."


@pytest.mark.parametrize("question", TEXTS)
@pytest.mark.parametrize("text", ["", " "], ids=ascii)
def test_empty_text_is_refused(rejection, question, text):
    (sentence,) = rejection(**{question: verbatim(text), "project_slug": "hello"})
    reason = "has no letter or digit" if question == "project_name" else "is empty"
    assert sentence == f"{question} {text!a} {reason}; try {TEXTS[question]!a}."


@pytest.mark.parametrize("email", ADDRESSES)
def test_address_arrives_unchanged(bake, email):
    metadata = tomllib.loads(bake(email=verbatim(email)).read("pyproject.toml"))
    assert metadata["project"]["authors"] == [{"name": AUTHOR, "email": email}]


@pytest.mark.parametrize("email", NO_ADDRESSES)
def test_what_is_no_address_is_refused(rejection, email):
    assert rejection(email=verbatim(email)) == [
        f"email {email!a} is not a plain e-mail address; try {TEXTS['email']!r}."
    ]


def test_all_problems_are_told_at_once(rejection):
    sentences = rejection(
        project_name="!!!",
        project_slug="../x",
        module_name="class",
        description=verbatim("a\nb"),
        full_name="",
        email=verbatim("\a"),
    )
    assert [sentence.split()[0] for sentence in sentences] == list(WHY_NOT)


texts = st.one_of(
    st.text(max_size=60),
    st.text("\"'\\{}%#<&$`\n é\N{PARTY POPPER}a", max_size=30),
)


@given(st.fixed_dictionaries(dict.fromkeys(TEXTS, texts)), st.sampled_from(VARIANTS))
@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_any_text_arrives_unchanged_or_is_refused(cookies, capfd, answers, variant):
    refused = [text for text in TEXTS if WHY_NOT[text](answers[text])]
    result = cookies.bake(
        template=str(TEMPLATE),
        extra_context={name: verbatim(text) for name, text in answers.items()}
        | {"project_slug": "hello"}
        | variant,
    )
    lines = capfd.readouterr().err.splitlines()
    assert [line.split()[:2] for line in lines] == [
        ["ERROR:", text] for text in refused
    ]
    assert bool(result.exception) == bool(refused)
    if not refused:
        project = Project(result.project_path, result.context)
        assert carried(project).items() <= answers.items()
        assert project.read("README.md").startswith(
            f"# {answers['project_name']}\n\n{answers['description']}\n"
        )


@given(texts, st.one_of(st.emails(), texts, st.text("a1.@-'{}!", max_size=9)))
def test_accepted_authors_are_authors_to_build_backends(full_name, email):
    if not WHY_NOT["full_name"](full_name) and not WHY_NOT["email"](email):
        assert Address(full_name, addr_spec=email).addr_spec == email


@given(st.sampled_from(list(TEXTS)), texts)
def test_what_is_suggested_is_accepted(question, text):
    assert WHY_NOT[question](similar_text(question, text)) is None

"""Texts are unchanged in the project, or rejected."""

import tomllib
from unicodedata import bidirectional, name

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dev.messages import problems_in
from dev.projects import Project, verbatim
from dev.rules import TEXTS, find_problems, similar, why_not
from dev.variants import NAMES, SMALLEST, TEMPLATE, VARIANTS
from hooks.pre_gen_project import FALLBACKS, LONGEST_TEXT, half_character, why_not_text

UNPRINTABLE = "and must be one line of visible characters"
DIRECTIONS = {"LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"}
MARKS = {"ARABIC LETTER MARK", "LEFT-TO-RIGHT MARK", "RIGHT-TO-LEFT MARK"}
REORDERS = "which would reorder what people read"
CARRIED = [
    "O'Brien",
    'Grace "Amazing" Hopper',
    "ends with \\",
    'C:\\new\\table \\" \\u0041',
    "Zoë Ünïcödé 日本語",
    "emoji \N{PARTY POPPER}",
    '"' * 3,
    "'''",
    "7 * 7 }} %} #} { x } { { { %",
    "<b>&amp;</b> $HOME `id` %s %(x)s {0}",
    "x'; open('made', 'w'); '",
    "# a comment? [a](b) *c* | d",
    "  spaces around  ",
    "a, b <c@d>; e: f",
    "x" * LONGEST_TEXT,
    "\N{PARTY POPPER}" * LONGEST_TEXT,
    "!?",
    "non-characters \ufffe \uffff \U0001ffff",
    "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645",  # A zero-width non-joiner in Persian.
    "\N{WOMAN}\u200d\N{PERSONAL COMPUTER} dev",
    "\N{WAVING BLACK FLAG}\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f x",
    "no\xa0break, soft\xadhyphen, \ufeffmark",
    "\xa0around\u3000",
]
# By text: the reason, and the suggestion, or None for the default.
REJECTED = {
    "line\nline": (f"contains U+000A, {UNPRINTABLE}", "line line"),
    "line\r\nline": (f"contains U+000D, {UNPRINTABLE}", "line line"),
    "bell \a": (f"contains U+0007, {UNPRINTABLE}", "bell"),
    "tab\t": (f"contains U+0009, {UNPRINTABLE}", "tab"),
    "nul \0": (f"contains U+0000, {UNPRINTABLE}", "nul"),
    "\x1b[31m": (f"contains U+001B, {UNPRINTABLE}", "[31m"),
    "next\x85line": (f"contains U+0085, {UNPRINTABLE}", "next line"),
    "a\u2028b": (f"contains U+2028 LINE SEPARATOR, {UNPRINTABLE}", "a b"),
    "Hi\u202etxt": (f"contains U+202E RIGHT-TO-LEFT OVERRIDE, {REORDERS}", "Hi txt"),
    "Hi\u200f": (f"contains U+200F RIGHT-TO-LEFT MARK, {REORDERS}", "Hi"),
    "{{ 7 * 7 }}": ("contains '{{', which a later update would run as code", "7 * 7"),
    "{% raw %}": ("contains '{%', which a later update would run as code", "% raw %"),
    "a {# b": ("contains '{#', which a later update would run as code", "a # b"),
    "\u3164\u200d": ("has no visible character", None),
    "\u0301": ("has no visible character", None),
    "\xa0": ("is empty", None),
    "x" * 201: ("is longer than 200 characters", "x" * 200),
    "word " * 66000: ("is longer than 200 characters", "word " * 39 + "word"),
    " ": ("is empty", None),
    "": ("is empty", None),
}


def carried(project):
    """Return the answers in the project's metadata, by question."""
    metadata = tomllib.loads(project.read("pyproject.toml"))["project"]
    (author,) = metadata["authors"]
    return {"description": metadata["description"], "full_name": author["name"]}


@pytest.mark.parametrize("layout", ["module", "package"])
@pytest.mark.parametrize("text", CARRIED)
def test_accepted_text_is_unchanged(bake, text, layout):
    answers = dict.fromkeys(TEXTS, verbatim(text)) | {"project_slug": "hello"}
    project = bake(**answers, layout=layout, license="MIT")
    assert carried(project) == dict.fromkeys(carried(project), text)
    (copyright_,) = [
        line for line in project.read("LICENSE").splitlines() if "(c)" in line
    ]
    assert copyright_.endswith(f" {text}")


@pytest.mark.parametrize("question", TEXTS)
@pytest.mark.parametrize("text", REJECTED, ids=ascii)
def test_rejected_with_reason_and_suggestion(question, text):
    reason, instead = REJECTED[text]
    (sentence,) = find_problems({**TEXTS, **NAMES["usual"], **SMALLEST, question: text})
    shown = text if len(text) <= 60 else f"{text[:57]}..."
    assert (
        sentence
        == f"{question} {shown!a} {reason}; try {instead or TEXTS[question]!a}."
    )


@pytest.mark.parametrize("text", ["line\nline", "Hi\u202etxt", "{% raw %}", ""])
def test_bake_reports_one_problem(rejection, text):
    (sentence,) = rejection(description=verbatim(text))
    assert sentence.startswith(f"description {text!a} {REJECTED[text][0]}; try ")


@pytest.mark.parametrize("question", FALLBACKS)
@pytest.mark.parametrize("text", ["Zo\udceb", "\ud83d", "a\ude00b", "\udc00\ud800"])
def test_half_a_character_is_rejected_without_a_suggestion(rejection, question, text):
    given = {"project_slug": "hello", "module_name": "hello", question: verbatim(text)}
    half = half_character(text)
    (sentence,) = rejection(**given)
    reason = f"contains U+{ord(half):04X}: the terminal or the file is not UTF-8"
    assert sentence == f"{question} {text!a} {reason}; try it in UTF-8."


@pytest.mark.parametrize("question", TEXTS)
def test_surrogate_pair_is_its_character(bake, question):
    pair, whole = "\ud83d\ude00 \ud83d\ude00", "\N{GRINNING FACE} \N{GRINNING FACE}"
    names = {"project_slug": "hello", "module_name": "hello", "license": "MIT"}
    answers = {"full_name": "Ada", **names}
    baked = bake(**answers | {question: verbatim(pair)})
    assert baked.texts() == bake(**answers | {question: verbatim(whole)}).texts()
    assert whole in baked.read(".flask-hello.json")


def test_every_bidirectional_control_is_rejected():
    controls = [
        character
        for character in map(chr, range(0x110000))
        if bidirectional(character) in DIRECTIONS or name(character, "") in MARKS
    ]
    assert len(controls) == 12
    for control in controls:
        assert name(control) in why_not_text(f"a{control}b")


def test_all_problems_are_reported_at_once(rejection):
    sentences = rejection(
        project_name="\u200d",
        project_slug="../x",
        module_name="class",
        description=verbatim("a\nb"),
        full_name="",
    )
    assert [sentence.split()[0] for sentence in sentences] == list(FALLBACKS)


texts = st.one_of(
    st.text(max_size=60), st.text("\"'\\{}%#<&$`\n é\N{PARTY POPPER}a", max_size=30)
)


@given(st.fixed_dictionaries(dict.fromkeys(TEXTS, texts)), st.sampled_from(VARIANTS))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_unchanged_or_rejected(cookies, capfd, answers, variant):
    rejected = [text for text in TEXTS if why_not(text, answers[text])]
    result = cookies.bake(
        template=str(TEMPLATE),
        extra_context={name: verbatim(text) for name, text in answers.items()}
        | {"project_slug": "hello"}
        | variant,
    )
    lines = capfd.readouterr().err.splitlines()
    assert bool(result.exception) == bool(rejected)
    if rejected:
        assert [problem.split()[0] for problem in problems_in(lines)] == rejected
    else:
        assert lines == []
        project = Project(result.project_path, result.context)
        assert carried(project).items() <= answers.items()


@given(st.sampled_from(list(TEXTS)), texts)
def test_suggestion_is_accepted(question, text):
    assert why_not(question, similar(question, text)) is None

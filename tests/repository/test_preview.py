"""The page that shows every project agrees with the template."""

import os
import random
import sys
import unicodedata
from itertools import cycle
from pathlib import Path

import pytest
from cookiecutter.generate import generate_files

from dev import rules
from dev.commands import run
from dev.projects import Project, asked
from dev.targets.pictures import choose
from dev.targets.preview import LIMITS
from dev.targets.schema import NAMES
from dev.values import ADDRESS
from dev.variants import ASKED, COVERING, TEMPLATE, VARIANTS
from dev.variants import NAMES as USUAL
from hooks import pre_gen_project as hook

pytestmark = pytest.mark.slow

PICK = random.Random()  # noqa: S311
SHELLS = ("bash", "fish")
AWKWARD = {
    "project_name": "12. *Stars* and _lines_, <b>tags</b> & [links](x); ~~no~~ #",
    "description": " - a_b_c & d; #1) 'e' |f| ^g^ > h < i = {j} ?k* @l #",
    "full_name": "O'Brien & Sons (Ltd.)",
}
# Shells differ in how to quote these.
UNSAFE = {
    "project_name": r'José\'s "café" \ 100 % $HOME `id` ⅷ',
    "description": "①. a “quoted” \\*text*! \U0001f600 $(id) \\",
    "full_name": 'Ada "Countess" de l’Été \\',
    "module_name": "cafe",
}
TEXTS = [
    {},
    {"project_name": "Order Service", "module_name": "orders"},
    AWKWARD,
    UNSAFE,
    {"project_name": "Port 8000"},
    USUAL["longest"],
    {"project_slug": "a" * 31},
    {"project_slug": "a" * 32},
]
LENGTHS = {1, 20, 40, hook.LONGEST_NAME}.union(*({each - 1, each} for each in LIMITS))


def texts_from(alphabet, longest, count):
    """Return ``count`` texts of random characters of ``alphabet``."""
    return [
        "".join(PICK.choices(alphabet, k=PICK.randint(0, longest)))
        for _ in range(count)
    ]


def shown(page):
    """Return the text of every file, by path, as somebody sees who clicks each."""
    texts = page.evaluate(
        """() => [...document.querySelectorAll("#tree input")].map((radio) => {
            radio.click();
            return [document.querySelector("#path"), document.querySelector("#text")]
                .map((element) => element.textContent);
        })"""
    )
    return dict(texts)


def baked(folder, answers):
    """Return the files of a bake in ``folder`` that no hook checks, by path."""
    context = {"cookiecutter": asked(**answers)}
    return Project(
        Path(generate_files(TEMPLATE, context, folder, accept_hooks=False))
    ).texts()


@pytest.fixture(autouse=True)
def choice():
    """Let PICK choose the same in every run, regardless of earlier tests."""
    PICK.seed(1)


@pytest.fixture
def shell(program, tmp_path):
    """Return a function that runs commands in a shell, with ``script`` as ``uvx``."""

    def shell(name, commands, folder, script):
        program(name)
        uvx = tmp_path / "bin" / "uvx"
        uvx.parent.mkdir(exist_ok=True)
        uvx.write_text(script)
        uvx.chmod(0o755)
        env = {"HOME": str(tmp_path), "PATH": f"{uvx.parent}:{os.environ['PATH']}"}
        return run([name, "-c", commands], folder, env=env)

    return shell


BAKE = f"""#!{sys.executable}
import sys
from cookiecutter.cli import main
sys.argv = [{str(TEMPLATE)!r} if each == {ADDRESS!r} else each for each in sys.argv[1:]]
main()
"""


# With the answers that are the most difficult to quote, typed or downloaded.
@pytest.mark.parametrize(("texts", "name"), [(AWKWARD, "bash"), (UNSAFE, "fish")])
def test_command_bakes_the_files_on_the_page(preview, shell, tmp_path, texts, name):
    choose(preview, {**VARIANTS[-1], **texts})
    if preview.is_visible("#advice a"):
        with preview.expect_download() as download:
            preview.click("#advice a")
        download.value.save_as(tmp_path / download.value.suggested_filename)
    shell(name, preview.inner_text("#command"), tmp_path, BAKE)
    project = Project(tmp_path / preview.inner_text("#slug").rstrip("/"))
    assert shown(preview) == project.texts()
    assert preview.is_visible("#advice a") == (texts == UNSAFE)


def test_page_shows_what_any_answers_bake(preview, tmp_path, request):
    variants = VARIANTS if request.config.option.all else COVERING
    cases = [
        {**texts, **each} for each, texts in zip(variants, cycle(TEXTS), strict=False)
    ]
    cases += [
        {**PICK.choice(variants), "module_name": "a" * length} for length in LENGTHS
    ]
    alphabet = "aB1 _*`~[]<>&;#+-.)(\\\"'$%8000é①²ⅷ\u200d\ufffe\U0001f600" + "://www.@"
    starts = [
        f"{digits}{mark}" for digits in ("", "1", "12", "①", "ⅷ") for mark in ".)x"
    ]
    ends = [f"{start}{end}" for start in starts for end in ("", " x", "x", " ")]
    texts = iter([*texts_from(alphabet, 190, 45), *ends])
    for typed in zip(texts, texts, texts, strict=True):
        given = {each: text for each, text in zip(AWKWARD, typed, strict=True) if text}
        cases.append({**given, **PICK.choice(variants), "project_slug": "x"})
    for number, answers in enumerate(cases):
        folder = tmp_path / str(number)
        folder.mkdir()
        all_answers = asked(**answers)
        everything = {question: all_answers[question] for question in ASKED}
        found = preview.evaluate(
            """(answers) => bake({ ...answers, year: new Date().getUTCFullYear() })
                .map(({ path, text }) => [path, text])""",
            everything,
        )
        assert dict(found) == baked(folder, everything), everything


@pytest.mark.parametrize("name", SHELLS)
def test_shells_pass_every_answer_unchanged(preview, shell, tmp_path, name):
    ascii_characters = [chr(code) for code in range(32, 127)]
    texts = texts_from("".join(ascii_characters), 9, 200)
    texts += [f"a{c}b" for c in (*ascii_characters, *"é\xa0\u200d“\U0001f600")]
    texts += [*ascii_characters, "a  b"]
    names = {"project_slug": "not-derived", "module_name": "x", "full_name": "~ada"}
    answers = [
        {"project_name": text, "description": text, **names}
        for text in filter(str.strip, texts)
    ]
    commands = preview.evaluate(
        """(all) => all.map((answers) => {
            offer(answers);
            return $("advice").querySelector("a") ? null : $("command").textContent;
        })""",
        answers,
    )
    print_words = "#!/bin/sh\nprintf '%s\\n' \"$@\" ''\n"
    lines = "\n".join(filter(None, commands))
    printed = shell(name, lines, tmp_path, print_words).split("\n\n")
    kept = [each for each, command in zip(answers, commands, strict=True) if command]
    for each in answers:
        text = each["description"]
        is_safe = text.isascii() and not set(text) & hook.UNQUOTABLE
        assert (each in kept) == is_safe
    for each, words in zip(kept, printed, strict=False):
        given = [f"{question}={answer}" for question, answer in each.items()]
        assert words.split("\n")[-5:] == given


def test_command_of_a_release_names_it(preview):
    preview.evaluate("data.checkout = 'v1.2.3'")  # As CHECKOUT does.
    preview.fill("#description", "A b")
    expected = f'--default-config --checkout v1.2.3 {ADDRESS} description="A b"'
    assert preview.inner_text("#command").endswith(f" {expected}")
    preview.fill("#description", "A é")
    expected = f"--config-file answers.json --checkout v1.2.3 {ADDRESS}"
    assert preview.inner_text("#command").endswith(f" {expected}")
    preview.evaluate("data.checkout = ''")


def candidates(question):
    """Return hundreds or thousands of answers to ``question``, right and wrong."""
    if question in NAMES:
        listed = [name for each in NAMES for name in rules.names_for(each)]
        near = [f"{name}{PICK.choice(' s_-é')}".strip() for name in listed]
        lengths = ["a" * length for length in range(45, 55)]
        return [*listed, *near, *lengths, *texts_from("abz019_-AÉﬁＨ .ß²", 55, 500)]
    special = [
        *hook.TAGS,
        *hook.BLANK,
        *hook.BIDIRECTIONAL,
        hook.PLACEHOLDER,
        "your  NAME ",
    ]
    pieces = [*special, *" \t\n\ufeff\u00a0\u0085aé{}!\u0301\u200d\U0001f600"]
    mixed = ["".join(PICK.choices(pieces, k=PICK.randint(0, 4))) for _ in range(500)]
    lengths = [
        c * length for c in ("é", "\U0001f600") for length in (199, 200, 201, 400)
    ]
    if question != "description":
        return [*mixed, *lengths]
    codes = [*range(0x250), *range(0x2000, 0x2070), *PICK.choices(range(0xD800), k=200)]
    # Browsers and Pythons of any age agree on these characters.
    old = [c for c in map(chr, codes) if unicodedata.ucd_3_2_0.category(c) != "Cn"]
    return [*old, *(f"x{c}" for c in old), *mixed, *lengths]


def test_rules_are_those_of_the_hook(preview):
    usual = {**dict.fromkeys(hook.FALLBACKS, "hello"), **VARIANTS[-1]}
    cases = [(each, text) for each in hook.FALLBACKS for text in candidates(each)]
    found = preview.evaluate(
        """([cases, license]) => cases.map(([question, text]) => {
            const reason = whyNot(question, text, license) || null;
            const better = reason && similar(question, text);
            return [reason, reason && whyNot(question, better, license) ? null : better];
        })""",
        [cases, usual["license"]],
    )

    assert len(cases) > 5000
    for (question, text), (reason, better) in zip(cases, found, strict=True):
        typed = text if len(text) <= 60 else f"{text[:57]}..."
        own = "your own name, or license 'none'"
        instead = own if better is None else ascii(better)
        expected = f"{question} {typed!a} {reason}; try {instead}."
        problems = rules.find_problems({**usual, question: text})
        assert problems == ([expected] if reason else []), (question, ascii(text))


def test_default_names_are_those_of_cookiecutter(preview):
    letters = "abcXYZ019'’,.-_ &#!/ßøéÄłŁαЖщ—…½²\u0301"
    titles = ["Calendar", "Flask", "2048", "con", "1,000", "\U0001f600"]
    titles += texts_from(letters, 60, 300)
    titles += PICK.choices(rules.names_for("module_name"), k=50)
    strange = ["日本", "a &amp; b", "&#49;&#50;", "한국어 App"]
    found = preview.evaluate(
        """(titles) => titles.map((project_name) => {
            const project_slug = derive.project_slug({ project_name });
            const answers = { project_name, project_slug };
            return [project_slug, derive.module_name(answers), given(answers).length === 1];
        })""",
        titles + strange,
    )
    for title, (slug, module, is_left_out) in zip(titles + strange, found, strict=True):
        if title in strange:  # The command contains both names.
            assert not is_left_out
        else:
            expected = asked(project_name=title)
            assert (slug, module) == (expected["project_slug"], expected["module_name"])

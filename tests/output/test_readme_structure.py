"""A project's README is short and ordered, and answers cannot break its structure."""

import html
import itertools
import random
import re
from functools import partial
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jinja2 import Environment

from dev.projects import verbatim
from dev.readmes import section
from dev.rules import why_not
from dev.variants import COVERING, PAGES, QUESTIONS, SMALLEST, TEMPLATE, name_of

AROUND = """
## Next

| a | b |
| - | - |
| c | d |

text ` * _ ~ ] > ; --> </div> ``` ~~~
"""
# Texts that start, end or contain Markdown.
HOSTILE = """\
<!-- x|<!-- x -->|-->|- item|* item|+ item|-|1. one|1) one|0. x|1.|1.x|2.0|10. FC|12345678901. x|# x|#|##|### x
> quote|>|--- |---|***|___|===|- - -|_ _ _|[x]: http://y|[x]: y "z"|[x](y)|![x](y)|[x][y]|[x]|[^1]|[^1]: x|- [ ] todo
<details>|</div>|<div|<div>|<b>x</b>|<script>|<style>|<?php|<!DOCTYPE html>|<![CDATA[x|<a href="x">|<x y=">">|<!x>
```|``` x|`code`|``a`b``|`|`a|~~~|~~~ x|~~a~~|~a~|&nbsp;|&#35;|&#x41;|&amp|&copy;|R&D|R&D; x|&x;|a_b_c|_a_|__init__
*a*|**a**|***a** b*|a * b * c|_a*b_*|5 > 3|a < b|<3|C#|C #|C ##|a # |# # #|x \\|\\|\\*a\\*|\\\\*a*|C:\\new\\*|\\<b>|!\\[a](b)
http://x.y/_a_|<http://x.y>|<a@b.c>|a@b.c|www.x.y|:tada:|$x$|!a|![|[[x]]|[a]b]|[`]`|`*`*|[a](<b>)|<a`>`|`<a`>
    code|  x  |x  |a\xa0b|\xa0x\xa0|\u3000x|\u200cx|\xadx|é*|*é*é*|\u2013|\u0661. x|\uff11. x|\xb2) x|&lt;b&gt;|[!NOTE]|> [!NOTE]
"""
TEXTS = HOSTILE.replace("\n", "|").strip("|").split("|")
TEXTS += ["a | b", "| a | b |", "|", "| --- |", "|-|", "a|b|c"]
ADDRESSES = """\
See https://wiki.example.com/order_service_docs
http://x.y/_a_ and *b*
HTTPS://X.Y/a*b*c
ftp://x.y/~a~
www.x.y/_a_
(www.x.y/[a])
<https://x.y/a_b_c>
[docs](https://x.y/_a_)
**https://x.y/**
#https://x.y/#
https://x.y/\\
https://x.y/`a`
https://x.y/?a=1&copy;=2
https://x.y/?a=1&b=2; more
http://localhost/__init__
http://[::1]/_a_
ssh://git@x.y/a_b_c.git
git@x.y:a_b/_c_
write to first_last_name@x.y
mailto:a_b_c@x.y
xmpp:a_b_c@x.y/_d_
https://x.y/\xa0_a_
https://x.y/_é_.
""".splitlines()
ALPHABET = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~a1 "


@pytest.fixture(scope="session")
def literal():
    """Return the macro that escapes answers for the README."""
    environment = Environment(
        autoescape=False,  # noqa: S701
        **QUESTIONS["_jinja2_env_vars"],
    )
    source = TEMPLATE.joinpath("templates/literal.md").read_text(encoding="utf-8")
    return vars(environment.from_string(source).module)["literal"]


@pytest.fixture(scope="session")
def expect_text(literal):
    """Return a function that asserts what CommonMark and GitHub show of a text.

    Both show it unchanged, in the title and the description, without markup except links
    on GitHub, each to what it shows. What follows stays as it is.
    """
    instead = "cmarkgfm needs Python 3.14 or older: make PYTHON=python3.14 test"
    cmarkgfm = pytest.importorskip("cmarkgfm", reason=instead)
    footnotes = cmarkgfm.cmark.Options.CMARK_OPT_FOOTNOTES
    github = partial(cmarkgfm.github_flavored_markdown_to_html, options=footnotes)

    def expect_text(text, rest=AROUND):
        markdown = f"# {literal(text)}\n\n{literal(text)}\n"
        for convert in (cmarkgfm.markdown_to_html, github):
            page, after = convert(markdown + rest), convert(rest)
            assert page.endswith(after), page
            start = page.removesuffix(after)
            parts = re.fullmatch("<h1>(.*)</h1>\n<p>(.*)</p>\n", start, re.DOTALL)
            assert parts, page
            for part in parts.groups():
                for target, shown in re.findall('<a href="(.*?)">(.*?)</a>', part):
                    address = unquote(html.unescape(shown))
                    whole = {address, f"http://{address}", f"mailto:{address}"}
                    assert unquote(html.unescape(target)) in whole, page
                without_links = re.sub('<a href=".*?">|</a>', "", part)
                assert "<" not in without_links, page
                assert html.unescape(without_links).strip() == text.strip()

    return expect_text


@pytest.mark.parametrize(
    "text",
    [
        *("A hello-world Flask service.", "R&D", "v2.0", "a_b", "5 > 3", "it's"),
        *("https://example.com/docs", "www.example.com", "a_b@example.com"),
    ],
)
def test_plain_answers_are_not_escaped(literal, text):
    assert literal(text) == text


@pytest.mark.parametrize("text", TEXTS + ADDRESSES, ids=ascii)
def test_hostile_answers_stay_text(expect_text, text):
    expect_text(text)


def test_thousands_of_addresses_are_unchanged(expect_text):
    chance = random.Random(12)  # noqa: S311
    starts = "http:// https:// HTTP:// ftp:// ssh:// www. mailto: xmpp: a_b@".split()
    hosts = "x.y wiki_a.example.com localhost:8000 user:pass@x.y é.example".split()
    for _ in range(3_000):
        before, path, after = (
            "".join(chance.choices(f"{ALPHABET}é", k=chance.randint(0, longest)))
            for longest in (3, 15, 8)
        )
        address = chance.choice(starts) + chance.choice(hosts)
        expect_text(f"{before}{address}/{path} {after}")


@pytest.mark.slow
@pytest.mark.expensive(reason="a sample of them is tested already")
def test_all_pairs_are_text(expect_text):
    for pair in itertools.product(ALPHABET, repeat=2):
        if text := "".join(pair).strip():
            expect_text(text)


@given(st.one_of(st.text(max_size=40), st.text(f"{ALPHABET}éw\xa0\u200d", max_size=20)))
@settings(max_examples=300)
def test_accepted_answers_are_text(expect_text, text):
    if why_not("description", text) is None:
        expect_text(text)


@pytest.mark.parametrize("variant", COVERING, ids=name_of)
def test_readme_begins_with_the_answers_as_text(bake, expect_text, literal, variant):
    answers = {"project_slug": "hello", "module_name": "hello", **variant}
    plain = bake(**answers).read("README.md")
    text = "1. *a* [x]: `y` <b> &amp; \\ # <!-- x"
    texts = dict.fromkeys(("project_name", "description"), verbatim(text))
    readme = bake(**answers, **texts).read("README.md")
    rest = plain.split("\n", 3)[3]
    assert readme == f"# {literal(text)}\n\n{literal(text)}\n{rest}"
    expect_text(text, rest)


START = "What happens when you type `flask run`"
ORDER = [
    "Run it",
    "Change it",
    "Add a page",
    "Add a field",
    "Delete the example",
    "Test it",
    "When it does not work",
    "Without uv",
    "What the code does",
    "Stricter than Flask's defaults",
    START,
    "Next steps",
]
OF_PAGES = {"Add a page", START}
OF_A_SERVICE = {"Add a field", "Delete the example"}
ABSENT = {
    "module": OF_A_SERVICE | {"Stricter than Flask's defaults"},
    "package": OF_A_SERVICE,
    "service": OF_PAGES | {"Stricter than Flask's defaults"},
}
# The topics of the notes on Flask from which this template grew: the section of each, and
# the command, link or name that identifies it.
TOPICS = {
    "flask run": ("Run it", "uv run flask run"),
    "address": ("Run it", "<http://127.0.0.1:5000/>"),
    "greeting": ("Run it", "`Hello, World!`"),
    "debug mode": ("Change it", "uv run flask run --debug"),
    "debugger": ("Change it", "https://flask.palletsprojects.com/en/stable/debugging/"),
    "name flask.py": ("When it does not work", "`flask.py`"),
    "bash": ("Without uv", "`export FLASK_APP=hello`"),
    "Command Prompt": ("Without uv", "`set FLASK_APP=hello`"),
    "PowerShell": ("Without uv", '`$env:FLASK_APP = "hello"`'),
    "Flask class": ("What the code does", "WSGI"),
    "first argument": ("What the code does", "`__name__`"),
    "route": ("What the code does", '.route("/")`'),
    "URL of a function": ("What the code does", '`url_for("'),
    "development server": (START, "(DEPLOY.md)"),
    "python -m flask": (START, "python -m flask run"),
    "environment": (START, "`FLASK_ENV=development`"),
    "all addresses": (START, "flask run --host=0.0.0.0"),
    "documentation": ("Next steps", "https://flask.palletsprojects.com/"),
}


def test_readme_has_at_most_110_lines_of_100_characters(every_project):
    lines = every_project.read("README.md").splitlines()
    assert len(lines) <= 110
    # The first and the third line are answers.
    assert [line for line in lines[3:] if len(line) > 100] == []


def test_first_lines_lead_to_a_change_and_a_test(every_project):
    is_service = every_project.answers["layout"] == "service"
    lines = every_project.read("README.md").splitlines()
    first = "\n".join(lines[: 70 if is_service else 60])
    assert "```python" in section(first, "Add a field" if is_service else "Add a page")
    assert "\nuv run pytest\n```" in section(first, "Test it")


def test_sections_are_in_order(every_project):
    readme = every_project.read("README.md")
    headings = [line[3:] for line in readme.splitlines() if line.startswith("## ")]
    absent = ABSENT[every_project.answers["layout"]]
    assert headings == [heading for heading in ORDER if heading not in absent]


@pytest.mark.parametrize("topic", TOPICS)
# Who chooses a service knows Flask: its README has room for the data instead.
@pytest.mark.parametrize("layout", PAGES)
def test_topic_of_the_notes_has_its_place(bake, layout, topic):
    heading, known_by = TOPICS[topic]
    assert known_by in section(bake(layout=layout).read("README.md"), heading)


def test_main_name_is_explained(bake):
    code = section(bake(**SMALLEST).read("README.md"), "What the code does")
    assert "`'__main__'`" in code


def test_production_is_only_linked(every_project):
    readme = every_project.read("README.md")
    assert "](DEPLOY.md)" in readme
    assert "granian" not in readme.lower()
    assert "gunicorn" not in readme.lower()

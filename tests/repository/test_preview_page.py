"""The page that shows every project, as people use it."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from dev.targets.pictures import TEXT, choose, text_on
from dev.values import ADDRESS
from dev.variants import ASKED, CHOICES, DEFAULT

pytestmark = pytest.mark.slow

LINKS = [
    "layout=x&unknown=1&__proto__=2&layout&length=3",
    "%",
    "%00%ff%C3&&&===",
    "project_name=<img src=x onerror=alert(1)>&description=«full_name plain»",
    "project_name=%0A%0D%09x&module_name=" + "x" * 5000,
    f"server={CHOICES['server'][-1]}&server={CHOICES['server'][0]}",
    "constructor=1&toString=2&project_slug=constructor&module_name=constructor",
]


def files_of(page, which=""):
    """Return the paths in the tree, or those with the class ``which``."""
    radios = page.locator(f"#tree {which} input").all()
    return {radio.get_attribute("aria-label") for radio in radios}


def test_new_and_changed_files_are_marked(preview):
    before = files_of(preview)
    choose(preview, {"deploy": "kubernetes"})
    after = files_of(preview)
    new, changed = files_of(preview, ".new"), files_of(preview, ".changed")
    assert new == after - before
    assert "kubernetes/service.yaml" in new
    assert "DEPLOY.md" in changed
    assert ".gitignore" not in changed
    expected = f"{len(after)} files, {len(new)} new, {len(changed)} changed"
    assert preview.inner_text("#count") == expected
    choose(preview, {"deploy": "none"})
    assert files_of(preview) == before
    assert preview.inner_text("#count").endswith(f", {len(new)} gone")


def test_lines_that_an_answer_changes_are_marked(preview):
    preview.click('label:has([aria-label="pyproject.toml"])')
    choose(preview, {"description": "A till."})
    (fresh,) = preview.locator("#text .fresh").all_inner_texts()
    assert fresh == 'description = "A till."'
    assert preview.locator("#text .fresh mark").inner_text() == "A till."


def test_wrong_names_show_reasons_and_suggestions_that_work(preview):
    choose(preview, {"project_slug": "flask", "module_name": "json"})
    assert preview.is_hidden("#command")
    for name, word in ("project_slug", "distribution"), ("module_name", "library"):
        assert preview.get_attribute(f"#{name}", "aria-invalid") == "true"
        note = preview.locator(f"#{name}-note")
        assert word in note.inner_text()
        note.locator("button").click()
        assert preview.get_attribute(f"#{name}", "aria-invalid") == "false"
    names = " project_slug=flask-app module_name=json_app"
    assert preview.inner_text("#command").endswith(names)
    assert "src/json_app" not in preview.inner_text("#tree")


def test_names_follow_until_they_are_typed(preview):
    preview.fill("#project_name", "Order Service")
    assert preview.input_value("#module_name") == "order_service"
    preview.fill("#module_name", "orders")
    preview.fill("#project_name", "Shop")
    assert preview.input_value("#project_slug") == "shop"
    assert preview.input_value("#module_name") == "orders"
    preview.fill("#module_name", "")
    preview.press("#module_name", "Tab")
    assert preview.input_value("#module_name") == "shop"


def test_link_holds_the_answers(preview, preview_url):
    answers = {"project_name": 'Café "1" & #2 %', "module_name": "cafe"}
    choose(preview, {**answers, "layout": "package"})
    preview.wait_for_url("**layout=package")
    preview.goto("about:blank")
    preview.go_back()
    assert answers == {each: preview.input_value(f"#{each}") for each in answers}
    assert "src/cafe/views.py" in files_of(preview)


def test_edited_link_breaks_nothing(preview):
    for link in LINKS:
        preview.evaluate("(link) => { location.hash = `#${link}`; load(); }", link)
        assert len(files_of(preview)) > 5
        assert preview.locator("img").count() == 1
        chosen = {
            question: preview.get_attribute(f'[name="{question}"]:checked', "value")
            for question in CHOICES
        }
        last = {"server": CHOICES["server"][-1]} if "server=" in link else {}
        assert chosen == {**DEFAULT, **last}
        ignored = preview.inner_text("#hint")
        is_named = "layout=x" in ignored and "unknown=1" in ignored
        assert is_named == ("layout=x" in link)
        preview.evaluate("location.hash = '#'")


@pytest.mark.parametrize(
    ("size", "scheme", "name"),
    [((320, 640), "light", "flask"), ((1280, 600), "dark", "shop")],
    ids=str,
)
def test_every_size_has_all_and_no_barrier(preview, size, scheme, name):
    preview.set_viewport_size({"width": size[0], "height": size[1]})
    preview.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    preview.reload()
    choose(preview, {"layout": "package", "deploy": "kubernetes", "module_name": name})
    width, height = preview.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.scrollHeight]"
    )
    assert width <= size[0]
    assert size[0] < 1000 or height <= size[1]
    found = Axe().run(preview)
    assert found.violations_count == 0, found.generate_report()


def test_keyboard_is_enough(preview):
    preview.focus("#project_name")
    seen = []
    while (
        focused := preview.evaluate(
            "document.activeElement.name || document.activeElement.id"
        )
    ) not in seen:
        seen.append(focused)
        preview.keyboard.press("Tab")
    assert seen[:11] == [*ASKED, "file"]
    assert {"text", "command", "copy"} <= {*seen}
    preview.focus('[name="deploy"]:checked')
    preview.keyboard.press("ArrowRight")
    assert preview.inner_text("#command").endswith(" deploy=container")
    preview.focus("#tree :checked")
    first = preview.inner_text("#path")
    preview.keyboard.press("ArrowDown")
    assert preview.inner_text("#path") != first
    outline = preview.locator("label:has(:focus-visible)").evaluate(
        "(label) => getComputedStyle(label).outlineStyle"
    )
    assert outline == "solid"


def test_command_is_copied(preview, browser):
    preview.context.grant_permissions(["clipboard-read"])
    preview.fill("#project_name", "Shop")
    preview.click("#copy")
    assert preview.inner_text("#copy") == "Copied"
    copied = preview.evaluate("navigator.clipboard.readText()")
    assert copied == preview.inner_text("#command")


def test_page_without_javascript_says_how_to_bake(browser, preview_url):
    page = browser.new_page(java_script_enabled=False)
    page.goto(preview_url)
    assert f"uvx cookiecutter {ADDRESS}" in page.inner_text("body")
    assert page.locator("body > :visible").count() == 1
    page.close()


def test_pictures_show_the_text_of_the_page(preview):
    text = TEXT.read_text(encoding="utf-8")
    assert text_on(preview) == text, "run make pictures"

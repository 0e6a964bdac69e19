"""The package's pages, as a person sees them in a browser."""

from itertools import product
from typing import Any, NamedTuple

import pytest
from axe_playwright_python.sync_playwright import Axe
from pytest_httpserver import HTTPServer

from dev.servers import GREETING, serving

DARK = """
(color) => {
    const canvas = document.createElement("canvas").getContext("2d");
    canvas.fillStyle = color;
    canvas.fillRect(0, 0, 1, 1);
    return Math.max(...canvas.getImageData(0, 0, 1, 1).data.slice(0, 3)) < 99;
}
"""


# What people add to the starting page.
MORE = f"""{{% extends "base.html" %}}
{{% block content %}}
<h1>More</h1>
<p>First.</p>
<p>{"A long paragraph of text. " * 20}</p>
<ul><li>One</li><li>Two</li></ul>
<ol><li>One</li><li>Two</li></ol>
<form method="post"><p><input name="name" size="60"></p><button>Send</button></form>
<form><textarea cols="80"></textarea> <select><option>{"long " * 20}</select></form>
<table><tr>{"<th>Heading" * 9}<tr>{"<td>unbreakable" * 9}</table>
<pre>{"x = 1; " * 40}</pre>
<h2>Second</h2>
<blockquote>Said.</blockquote>
<p>https://example.com/{"x" * 200}</p>
{{% endblock %}}
"""
VIEWS = """

@bp.route("/more")
def more():
    return render_template_string(MORE)


@bp.route("/broken")
def broken():
    return str(1 / 0)


@bp.route("/sign-in", methods=["GET", "POST"])
def sign_in():
    if request.method == "POST":
        return redirect(request.form["site"])
    return render_template_string(
        "{% extends 'base.html' %}{% block content %}"
        "<form method=post><input name=site><button>Sign in</button></form>"
        "<script src=/static/popup.js></script>{% endblock %}"
    )
"""
IMPORTS = "from flask import redirect, render_template_string, request\n"
POPUP = 'addEventListener("message", (event) => (document.title = event.data));\n'


@pytest.fixture(scope="module")
def url(browser, bake, tmp_path_factory):
    """Serve a package with more pages and return its address."""
    project = bake(layout="package").copy(tmp_path_factory.mktemp("pages") / "hello")
    code = project.view.read_text(encoding="utf-8")
    project.view.write_text(f"{IMPORTS}MORE = {MORE!r}\n{code}{VIEWS}")
    (project.view.parent / "static" / "popup.js").write_text(POPUP)
    with serving(["uv", "run", "flask", "run"], project.folder) as server:
        yield server.url


OTHER_SITE = """
<title>Other site</title>
<script>if (opener) opener.postMessage('signed in', '*')</script>
"""


def test_popup_and_form_of_another_site_work(browser, url):
    page = browser.new_page()
    page.goto(f"{url}/sign-in")
    with HTTPServer("127.0.0.1", threaded=True) as server:
        other = server.url_for("/")
        answer = server.expect_request("/")
        answer.respond_with_data(OTHER_SITE, content_type="text/html")
        with page.expect_popup() as popup:
            page.evaluate("address => { open(address) }", other)
        popup.value.wait_for_load_state()
        page.wait_for_function("document.title === 'signed in'")
        page.locator("input").fill(other)
        page.locator("form button").click()
        page.wait_for_url(other)
        assert page.title() == "Other site"


PATHS = ["/", "/more", "/no-such-page", "/broken"]
GAPS = """
() => {
    const boxes = [...document.querySelectorAll("main > :not(a)")]
        .map((element) => element.getBoundingClientRect());
    return boxes.slice(1).map((box, i) => box.top - boxes[i].bottom);
}
"""


@pytest.mark.parametrize("width", [320, 1280], ids=["phone", "desktop"])
def test_page_holds_what_people_add(browser, url, width):
    page = browser.new_page(viewport={"width": width, "height": 640})
    icons = []
    for path in PATHS:
        page.goto(url + path, wait_until="networkidle")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        gaps = page.evaluate(GAPS)
        assert len(gaps) >= (11 if path == "/more" else 1)
        assert min(gaps) >= 12
        assert max(gaps) - min(gaps) < 1
        box = page.locator("main img").bounding_box()
        icons.append((box["x"], box["y"]))
    assert len(set(icons)) == 1, icons
    page.goto(f"{url}/more")
    size = page.locator("input").evaluate("each => getComputedStyle(each).fontSize")
    assert float(size.removesuffix("px")) >= 16


class Visit(NamedTuple):
    """A page in a tab, how it was requested, and what the browser did."""

    page: Any
    request: tuple[str, int, str]
    answer: Any
    scheme: str
    complaints: list[str]
    statuses: dict[str, int]

    def style(self, selector, name):
        """Return a computed style of the first element that ``selector`` finds."""
        code = "(element, name) => getComputedStyle(element)[name]"
        return self.page.locator(selector).first.evaluate(code, name)


# The path, status and title of each kind of page.
KINDS = [
    ("/", 200, GREETING),
    ("/no-such-page", 404, "Not Found"),
    ("/broken", 500, "Internal Server Error"),
]


@pytest.fixture(
    scope="module",
    params=product(KINDS, ["light", "dark"], [320, 1280]),
    ids=lambda each: f"{each[0][1]}-{each[1]}-{each[2]}",
)
def visit(browser, url, request):
    """Open a page of each kind, in both schemes, on a phone and a desktop."""
    kind, scheme, width = request.param
    size = {"width": width, "height": 640}
    page = browser.new_page(viewport=size, color_scheme=scheme)
    complaints, statuses = [], {}
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "response", lambda response: statuses.update({response.url: response.status})
    )
    answer = page.goto(url + kind[0], wait_until="networkidle")
    yield Visit(page, kind, answer, scheme, complaints, statuses)
    page.close()


def test_page_has_its_title_and_an_id_only_after_a_failure(visit):
    _, status, title = visit.request
    assert visit.page.title() == title
    assert visit.page.get_by_role("heading", name=title).is_visible()
    request_id = visit.answer.headers["x-request-id"]
    shown = request_id in visit.page.locator("main").inner_text()
    assert shown == (status == 500)


def test_page_loads_its_files_without_errors(visit, url):
    path, status, _ = visit.request
    assert len(visit.complaints) == (status != 200), "the status itself is one"
    assert visit.statuses == {
        url + path: status,
        f"{url}/static/style.css": 200,
        f"{url}/static/icon.svg": 200,
    }


def test_text_is_large_and_no_barrier_is_found(visit):
    assert float(visit.style("p", "fontSize").removesuffix("px")) >= 16
    found = Axe().run(visit.page)
    assert found.violations_count == 0, found.generate_report()
    dark = visit.page.evaluate(DARK, visit.style("body", "backgroundColor"))
    assert dark == (visit.scheme == "dark")


def test_page_is_styled_and_fits_the_screen(visit):
    assert visit.style("body", "display") == "grid"
    width = visit.page.evaluate("document.documentElement.scrollWidth")
    assert width <= visit.page.viewport_size["width"]

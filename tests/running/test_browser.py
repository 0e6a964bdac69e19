"""The package's pages, as a person sees them in a browser."""

import pytest

from dev.servers import GREETING, serving

pytestmark = pytest.mark.slow

CONTRAST = """
([front, back]) => {
    const luminance = (color) => {
        const canvas = document.createElement("canvas").getContext("2d");
        canvas.fillStyle = color;
        canvas.fillRect(0, 0, 1, 1);
        const [r, g, b] = [...canvas.getImageData(0, 0, 1, 1).data].map((value) =>
            value <= 10 ? value / 3294 : ((value / 255 + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const [light, dark] = [luminance(front), luminance(back)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
}
"""


@pytest.fixture(scope="module")
def url(browser, bake, tmp_path_factory):
    """Serve a package and return its address."""
    project = bake(layout="package").copy(tmp_path_factory.mktemp("pages") / "hello")
    broken = '\n\n@bp.route("/broken")\ndef broken():\n    return str(1 / 0)\n'
    project.view.write_text(project.view.read_text(encoding="utf-8") + broken)
    with serving(["uv", "run", "flask", "run"], project.folder) as server:
        yield server.url


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280], ids=["phone", "desktop"])
@pytest.mark.parametrize(
    ("path", "status", "title"),
    [
        ("/", 200, GREETING),
        ("/no-such-page", 404, "Not Found"),
        ("/broken", 500, "Internal Server Error"),
    ],
)
def test_page_is_styled_and_has_no_errors(
    browser, url, scheme, width, path, status, title
):
    page = browser.new_page(
        viewport={"width": width, "height": 640}, color_scheme=scheme
    )
    complaints, statuses = [], {}
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on(
        "response", lambda response: statuses.update({response.url: response.status})
    )
    answer = page.goto(url + path, wait_until="networkidle")

    assert page.title() == title
    assert page.get_by_role("heading", name=title).is_visible()
    assert len(complaints) == (status != 200), "the status itself is one"
    shown = answer.headers["x-request-id"] in page.locator("main").inner_text()
    assert shown == (status == 500)
    assert statuses == {
        url + path: status,
        f"{url}/static/style.css": 200,
        f"{url}/static/icon.svg": 200,
    }

    def style(selector, name):
        return page.locator(selector).first.evaluate(
            "(element, name) => getComputedStyle(element)[name]", name
        )

    assert style("body", "display") == "grid"
    assert float(style("p", "fontSize").removesuffix("px")) >= 16
    background = style("body", "backgroundColor")
    for selector in ("h1", "p", "footer", "footer a"):
        assert page.evaluate(CONTRAST, [style(selector, "color"), background]) >= 4.5
    dark = page.evaluate(CONTRAST, [background, "black"]) < 2
    assert dark == (scheme == "dark")
    assert page.evaluate("document.documentElement.scrollWidth") <= width

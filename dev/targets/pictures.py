"""Draw the README's picture, the page of every project, for light and dark screens.

``make pictures`` runs it.
"""

from collections.abc import Mapping

from playwright.sync_api import Page

from dev.browser import chromium
from dev.targets import preview
from dev.values import ADDRESS
from dev.variants import CHOICES, TEMPLATE

PICTURES = TEMPLATE / "docs" / "images"
# The text of the pictures, which a test compares.
TEXT = PICTURES / "preview.txt"
# Beside the defaults, what the picture shows somebody choosing.
CHOICE = {"deploy": "kubernetes"}


def choose(page: Page, answers: Mapping[str, str]) -> None:
    """Give ``answers`` as a person does: type texts, and click choices."""
    for question, answer in answers.items():
        if question in CHOICES:
            page.click(f'label:has([name="{question}"][value="{answer}"])')
        else:
            page.fill(f"#{question}", answer)


def text_on(page: Page) -> str:
    """Choose CHOICE on the page of every project, and return what it shows then."""
    choose(page, CHOICE)
    lines = page.inner_text("body").replace(ADDRESS, "ADDRESS").splitlines()
    return "".join(f"{line.strip()}\n" for line in lines if line.strip())


def main() -> None:
    """Write the pictures to docs/images, and TEXT."""
    preview.main()
    PICTURES.mkdir(exist_ok=True)
    with chromium() as browser:
        for scheme in ("light", "dark"):
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            page.emulate_media(color_scheme=scheme)
            page.goto(preview.OUTPUT.as_uri())
            text = text_on(page)
            page.screenshot(path=PICTURES / f"preview-{scheme}.png")
    TEXT.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()

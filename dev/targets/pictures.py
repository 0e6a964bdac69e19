"""Draw the README's picture, the page of every project, for light and dark screens.

``make pictures`` runs it.
"""

import struct
import zlib
from collections.abc import Mapping

from playwright.sync_api import Page

from dev.browser import chromium
from dev.targets import preview
from dev.values import ADDRESS
from dev.variants import CHOICES, TEMPLATE

PICTURES = TEMPLATE / "docs" / "images"
# The keyword of a text in a PNG, and how the text begins: https://www.w3.org/TR/png-3/#11iTXt
KEYWORD = b"iTXtDescription" + bytes(5)
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
    return page.inner_text("body").replace(ADDRESS, "ADDRESS")


def with_text(png: bytes, text: str) -> bytes:
    """Return the picture ``png`` with ``text`` in it, which a test compares."""
    chunk = KEYWORD + text.encode()
    length, checksum = struct.pack(">I", len(chunk) - 4), zlib.crc32(chunk)
    end = len(png) - 12  # The last part has 12 bytes.
    return png[:end] + length + chunk + struct.pack(">I", checksum) + png[end:]


def text_of(png: bytes) -> str:
    """Return the text in the picture ``png``; raise ValueError if it has none."""
    start = png.index(KEYWORD)
    (length,) = struct.unpack(">I", png[start - 4 : start])
    return png[start + len(KEYWORD) : start + 4 + length].decode()


def main() -> None:
    """Write the pictures to docs/images and print their sizes."""
    preview.main()
    PICTURES.mkdir(exist_ok=True)
    with chromium() as browser:
        for scheme in ("light", "dark"):
            page = browser.new_page(viewport={"width": 1280, "height": 720})
            page.emulate_media(color_scheme=scheme)
            page.goto(preview.OUTPUT.as_uri())
            text = text_on(page)
            picture = with_text(page.screenshot(), text)
            (PICTURES / f"preview-{scheme}.png").write_bytes(picture)
            print(f"docs/images/preview-{scheme}.png: {len(picture)} bytes")


if __name__ == "__main__":
    main()

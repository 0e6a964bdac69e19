"""Fixtures for tests of the page that shows every project."""

import os
import sys
from pathlib import Path

import pytest

from dev.commands import run
from dev.variants import TEMPLATE

LAPTOP = {"width": 1280, "height": 800}
NO_ANSWERS = """
clearTimeout(saving);
history.replaceState(null, "", "#");
folded.clear();
open = null;
$("copy").textContent = "Copy";
load();
"""
WRITE = "import sys; from dev.targets import preview; preview.OUTPUT = preview.Path(sys.argv.pop()); preview.main()"


@pytest.fixture(scope="session")
def preview_url():
    """Return the address of the page. All processes of a run share it."""
    import fcntl  # Windows has no such module.

    file = Path(os.environ["TMPDIR"], "preview", "preview.html")
    file.parent.mkdir(exist_ok=True)
    with (file.parent / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not file.exists():
            run([sys.executable, "-c", WRITE, file], TEMPLATE)
    return file.as_uri()


@pytest.fixture(scope="module")
def tab(browser, preview_url):
    """Open the page in a tab, and collect its messages, errors and requests as ``noise``."""
    tab = browser.new_page(viewport=LAPTOP)
    tab.noise = set()
    tab.on("console", lambda message: tab.noise.add(message.text))
    tab.on("pageerror", lambda error: tab.noise.add(str(error)))
    tab.on("request", lambda request: tab.noise.add(request.url.partition("#")[0]))
    tab.goto(preview_url)
    yield tab
    tab.close()


@pytest.fixture
def preview(tab, preview_url):
    """Return the page without answers; expect no message and no other request from it."""
    tab.set_viewport_size(LAPTOP)
    tab.emulate_media(color_scheme="light", reduced_motion="no-preference")
    tab.evaluate(NO_ANSWERS)
    yield tab
    assert {each for each in tab.noise if not each.startswith("data:")} == {preview_url}

"""Fixtures for tests of the page that shows every project."""

import os
import sys
from pathlib import Path

import pytest

from dev.commands import run
from dev.variants import TEMPLATE

WRITE = "import sys; from dev import preview; preview.OUTPUT = preview.Path(sys.argv.pop()); preview.main()"


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
def tab(browser):
    """Open a tab."""
    tab = browser.new_page()
    yield tab
    tab.close()


@pytest.fixture
def preview(tab, preview_url):
    """Load the page, and expect no message in its console and no other request."""
    noise = []
    listeners = {
        "console": lambda message: noise.append(message.text),
        "pageerror": lambda error: noise.append(str(error)),
        "request": lambda request: noise.append(request.url.partition("#")[0]),
    }
    for event, listener in listeners.items():
        tab.on(event, listener)
    tab.set_viewport_size({"width": 1280, "height": 800})
    tab.emulate_media(color_scheme="light", reduced_motion="no-preference")
    tab.goto("about:blank")
    tab.goto(preview_url)
    yield tab
    for event, listener in listeners.items():
        tab.remove_listener(event, listener)
    loaded = {each for each in noise if not each.startswith("data:")}
    assert loaded <= {"about:blank", preview_url}

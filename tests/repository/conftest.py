"""Fixtures for tests of the page that shows every project, and GitHub's API."""

import hashlib
import json
import os
import re
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from werkzeug import Response

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


def days_ago(days):
    """Return a moment as GitHub's API writes it."""
    return f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


def commit_of(request):
    """Return the answer to a request for the commit of a tag."""
    tag = request.path.rpartition("/")[2]
    sha = hashlib.sha1(tag.encode()).hexdigest()  # noqa: S324
    return Response(json.dumps({"sha": sha}))


@pytest.fixture
def api(httpserver):
    """Return a function that starts GitHub's API and returns its address.

    It accepts an error's status, or releases: what differs from usual ones, and their
    age in ``days``.
    """

    def api(*releases, status=200):
        content = [
            {
                "draft": False,
                "prerelease": False,
                "published_at": days_ago(changes.get("days", 30)),
                **changes,
            }
            for changes in releases
        ]
        path = "/repos/[^/]+/[^/]+/"
        listed = httpserver.expect_request(re.compile(f"{path}releases"))
        listed.respond_with_json(content, status=status)
        commits = httpserver.expect_request(re.compile(rf"{path}commits/v[\d.]+"))
        commits.respond_with_handler(commit_of)
        return httpserver.url_for("").rstrip("/")

    return api


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

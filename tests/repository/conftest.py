"""Fixtures for tests of the page that shows every project, and GitHub's API."""

import hashlib
import json
import os
import re
import sys
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

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


def days_ago(days):
    """Return a moment as GitHub's API writes it."""
    return f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


class Api(ThreadingHTTPServer):
    """GitHub's API: ``content`` are the releases of any repository, or an error's status."""

    content: object


class Answer(BaseHTTPRequestHandler):
    """One answer of the API: releases, or the commit of one."""

    server: Api

    def do_GET(self):
        """Send the answer."""
        content = self.server.content
        if isinstance(content, int):
            self.send_error(content, "rate limit exceeded")
            return
        if commits := re.fullmatch(r"/repos/\S+?/\S+?/commits/(v[\d.]+)", self.path):
            content = {"sha": hashlib.sha1(commits[1].encode()).hexdigest()}  # noqa: S324
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, *arguments):
        """Print nothing."""


@pytest.fixture
def api():
    """Return a function that starts GitHub's API and returns its address.

    It accepts an error's status, or releases: what differs from usual ones, and their
    age in ``days``.
    """
    with ExitStack() as stack:

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
            server = Api(("127.0.0.1", 0), Answer)
            server.content = content if status == 200 else status
            stack.enter_context(server)
            Thread(target=server.serve_forever).start()
            stack.callback(server.shutdown)
            return f"http://127.0.0.1:{server.server_port}"

        yield api


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

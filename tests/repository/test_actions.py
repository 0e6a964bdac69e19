"""``make actions`` renews every action and range, from releases that are a week old."""

import json
import re
import shutil
import sys
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from dev.commands import attempt, run
from dev.projects import Project, copy_template
from dev.targets.actions import ACTION, RANGE, distribution, pinning, with_ranges

PROGRAM = [sys.executable, "-m", "dev.targets.actions"]


def days_ago(days):
    """Return a moment as GitHub's API writes it."""
    return f"{datetime.now(UTC) - timedelta(days=days):%Y-%m-%dT%H:%M:%SZ}"


def release(tag, days=30, **changes):
    """Return a release as GitHub's API describes it, published some ``days`` ago."""
    facts = {"tag_name": tag, "draft": False, "prerelease": False}
    return {**facts, "published_at": days_ago(days), **changes}


class Api(ThreadingHTTPServer):
    """GitHub's two resources that the program reads, for any repository."""

    def __init__(self, releases, status):
        """Serve ``releases``, or nothing but the error ``status``."""
        super().__init__(("127.0.0.1", 0), Answer)
        self.releases, self.status = releases, status


class Answer(BaseHTTPRequestHandler):
    """One answer of the API."""

    server: Api

    def do_GET(self):
        """Answer with the releases, or with a commit that contains the release's numbers."""
        if self.server.status != 200:
            self.send_error(self.server.status, "rate limit exceeded")
            return
        if self.path.endswith("/releases?per_page=100"):
            answer = self.server.releases
        else:
            commits = re.fullmatch(r"/repos/\S+?/\S+?/commits/(v[\d.]+)", self.path)
            answer = {"sha": commit_of(commits[1])}
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(answer).encode())

    def log_message(self, *arguments):
        """Print nothing."""


def commit_of(tag):
    """Return the commit that Api has for ``tag``."""
    return tag.replace("v", "").replace(".", "0").rjust(40, "a")


@pytest.fixture
def api():
    """Return a function that starts an API with releases and returns its address."""
    servers = []

    def api(*releases, status=200):
        servers.append(Api(releases, status))
        Thread(target=servers[-1].serve_forever).start()
        return f"http://127.0.0.1:{servers[-1].server_port}"

    yield api
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def template_copy(tmp_path):
    """Return a copy of the template."""
    return Project(copy_template(tmp_path / "flask-hello"))


def actions_in(project):
    """Return the commits and releases that its files pin, by repository."""
    found = {}
    for text in pinning(project.folder).values():
        for match in ACTION.finditer(text):
            pins = found.setdefault(match["repository"], set())
            pins.add((match["commit"], match["release"]))
    return found


@pytest.mark.slow
@pytest.mark.expensive(reason="it depends on new releases, not on a change here")
def test_every_action_gets_the_newest_release_that_is_a_week_old(api, template_copy):
    before = actions_in(template_copy)
    address = api(
        release("v9.1.0", days=8),  # Of an older series, but published later.
        release("v98.0.1", days=400),
        release("v98.1.0", days=6),
        release("v99.0.0", draft=True),
        release("v99.0.0", prerelease=True),
        release("v99"),
    )
    run(PROGRAM, template_copy.folder, env={"GITHUB_API_URL": address})
    after = actions_in(template_copy)
    assert after.keys() == before.keys()
    assert {pin for pins in after.values() for pin in pins} == {
        (commit_of("v98.0.1"), "v98.0.1")
    }


@pytest.mark.slow
@pytest.mark.expensive(reason="it depends on new releases, not on a change here")
def test_no_action_gets_an_older_release(api, template_copy):
    before = actions_in(template_copy)
    address = api(release("v0.0.1"))
    run(PROGRAM, template_copy.folder, env={"GITHUB_API_URL": address})
    assert actions_in(template_copy) == before


@pytest.mark.parametrize(
    ("releases", "status"),
    [([], 200), ([release("v1.0.0", days=1)], 200), ([], 403), ([], 404)],
)
def test_failed_look_up_changes_nothing(api, template_copy, releases, status):
    check_failure(template_copy, api(*releases, status=status))


def test_unreachable_server_changes_nothing(template_copy):
    check_failure(template_copy, "http://127.0.0.1:9")


def check_failure(template, address):
    """Assert that the program ends with one line and changes nothing in ``template``."""
    before = pinning(template.folder)
    result = attempt(PROGRAM, template.folder, env={"GITHUB_API_URL": address})
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("ERROR: ")
    assert pinning(template.folder) == before


@pytest.mark.parametrize(
    ("text", "version", "expected"),
    [
        ('"uv>=0.13,<1"', "0.99.3", '"uv>=0.13,<1"'),
        ('"uv>=0.13,<1"', "1.2.3", '"uv>=1.2,<2"'),
        ('"uv>=0.13,<0.14"', "0.15.2", '"uv>=0.15,<0.16"'),
        ('version: ">=0.13,<1"', "1.2.3", 'version: ">=1.2,<2"'),
        ('"flit_core>=3.11,<4"', "4.2.0", '"flit_core>=4.2,<5"'),
        ("ruff>=0.17,<1,!=0.17.3", "1.0", "ruff>=1.0,<2,!=0.17.3"),
    ],
)
def test_range_admits_the_newest_version(text, version, expected):
    names = {distribution(match["name"]) for match in RANGE.finditer(text)}
    assert with_ranges(text, dict.fromkeys(names, version)) == expected


@pytest.mark.slow
@pytest.mark.expensive(reason="it repeats the fast tests")
def test_renewed_pins_pass_the_fast_tests(api, template_copy, require):
    require(shutil.which("make"), "needs make: apt-get install make")
    env = {"GITHUB_API_URL": api(release("v98.0.1"))}
    run(["make", "actions", "pins"], template_copy.folder, env=env)
    assert len(actions_in(template_copy)) >= 4
    fast = [sys.executable, "-m", "pytest", "-m", "not slow", "-q", "-n2"]
    assert " passed" in run(fast, template_copy.folder)

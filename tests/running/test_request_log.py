"""The log of a package in production: true, whole, and JSON where it should be."""

import json
import os
import re
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import cache
from http.client import HTTPException

import pytest

from dev.commands import LINUX, attempt, run
from dev.production import production_command, serving_in_production
from dev.servers import LONG, free_port, serving, wait_until
from dev.variants import CHOICES

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not LINUX, reason="Gunicorn's command is for Linux"),
]

VIEWS = """

@bp.route("/stream")
def stream():
    def parts():
        yield "first"
        time.sleep(0.2)
        facts = {"tries": 2, "cause": OSError("no reply")}
        logging.getLogger("some.library").warning("streamed", extra=facts)
        if request.args:
            raise RuntimeError("the stream broke")

    return stream_with_context(parts())


@bp.route("/broken/<text>")
def broken(text):
    raise ValueError("unknown " + text)


@bp.after_app_request
def fail(response):
    if request.path == "/after":
        raise RuntimeError("after the request")
    return response


@bp.route("/process")
def process():
    return str(os.getpid())


@bp.route("/leave")
def leave():
    raise SystemExit("left")


@bp.route("/long/<int:length>")
def long(length):
    raise ValueError("x" * length)


@bp.route("/warn")
def warn():
    warnings.warn("the old way", FutureWarning)
    return ""
"""
IMPORTS = """
import logging
import os
import time
import warnings

from flask import request, stream_with_context
"""
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+00:00"


@pytest.fixture(scope="module")
def install_logged(bake, tmp_path_factory):
    """Return a function that installs a package with VIEWS, for a server."""

    @cache
    def install_logged(server):
        folder = tmp_path_factory.mktemp(server) / "my-shop"
        names = {"project_slug": "my-shop", "module_name": "shop", "server": server}
        project = bake(**names, layout="package", deploy="container").copy(folder)
        project.view.write_text(IMPORTS + project.view.read_text() + VIEWS)
        project.install()
        return project

    return install_logged


@pytest.fixture(params=CHOICES["server"])
def logged(install_logged, request):
    """Return a package with VIEWS for each server."""
    return install_logged(request.param)


@pytest.fixture
def logged_app(install_logged):
    """Return a package with VIEWS, for what no server changes."""
    return install_logged("granian")


def settings_of_the_image(project):
    """Return the environment variables of its Dockerfile that configure the log."""
    found = re.findall(
        r"(FLASK_LOG_FORMAT|GRANIAN_LOG_CONFIG|GUNICORN_CMD_ARGS)=(\S+)",
        project.read("Dockerfile"),
    )
    return {k: v.replace("/app/", f"{project.folder}/") for k, v in found}


def header(response, name):
    """Return the only header called ``name``, whose case does not matter."""
    (value,) = (v for each, v in response.headers.items() if each.lower() == name)
    return value


def lines_with(server, text):
    """Return the lines of the log with ``text``, once there is one."""

    def found():
        lines = server.log.read_text(encoding="utf-8").splitlines()
        return [line for line in lines if text in line]

    return wait_until(found, server.process, server.log)


def test_each_request_is_a_line_of_text(logged):
    with serving_in_production(logged, env={"TZ": "America/New_York"}) as server:
        hour = time.strftime("%Y-%m-%dT%H", time.gmtime())
        server.get("/caf%C3%A9?secret", headers={"X-Request-ID": "given-id"})
        assert server.get("/healthz", headers={"X-Request-ID": "given-id"}).text == "OK"
        server.get("/stream", headers={"X-Request-ID": "last-id"})
        lines_with(server, " last-id 127.0.0.1 ")
        (line,) = lines_with(server, "given-id")
        (record,) = lines_with(server, "WARNING last-id streamed")
    pattern = TIME + r" INFO given-id 127\.0\.0\.1 GET /caf%C3%A9 404 \d+\.\d+ ms"
    assert re.fullmatch(pattern, line)
    for each in (line, record):
        assert re.match(TIME, each)
        assert abs(int(each[11:13]) - int(hour[11:])) in {0, 1, 23}


def test_line_is_written_at_the_end_of_a_stream(logged):
    env = {"FLASK_LOG_FORMAT": "json"}
    with serving_in_production(logged, env=env) as server:
        server.get("/stream", headers={"X-Request-ID": "whole"})
        lines = [json.loads(line) for line in lines_with(server, "whole")]
        (line,) = [each for each in lines if "status" in each]
        assert line["status"] == 200
        assert 200 <= line["duration_ms"] < LONG * 1000
        (streamed,) = (each for each in lines if each != line)
        facts = [streamed[name] for name in ("message", "tries", "cause")]
        assert facts == ["streamed", 2, "no reply"]

        with suppress(OSError, HTTPException):  # Granian ends the response as usual.
            server.get("/stream?fail", headers={"X-Request-ID": "broken"})
        lines_with(server, "the stream broke")
        lines = [json.loads(line) for line in lines_with(server, '"broken"')]
        traceback, line = (each for each in lines if each["level"] == "ERROR")
        assert traceback["exc_info"].endswith("RuntimeError: the stream broke")
        assert line["status"] == 200


def test_request_that_fails_after_its_view_has_a_line_and_an_id(logged):
    with serving_in_production(logged) as server:
        response = server.get("/after")
        assert response.status == 500
        (line,) = lines_with(server, " GET /after 500 ")
        assert f" {header(response, 'x-request-id')} " in line


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_no_client_forges_a_line(logged, log_format):
    forged = "x%0A2026-11-24T06:00:00.000+00:00 INFO - GET admin%0A{}%C2%85y"
    with serving_in_production(logged, env={"FLASK_LOG_FORMAT": log_format}) as server:
        path = "/broken/" + forged.replace(" ", "%20").replace("+", "%2B")
        assert server.get(path).status == 500
        lines_with(server, "GET /broken/x%0A2026")
        lines = server.log.read_text(encoding="utf-8").split("\n")
    assert any("ValueError: unknown x" in line for line in lines)
    of_the_app = [line for line in lines if not line.startswith("[")]
    starts = (" ", "{") if log_format == "json" else "    "
    for line in filter(None, of_the_app):
        assert re.match(TIME, line) or line.startswith(starts), line
        assert "\x85" not in line
        assert not line.startswith(("2026-11-24T06:00:00", "{}"))


def test_level_hides_lower_levels(logged):
    with serving_in_production(logged, env={"FLASK_LOG_LEVEL": "warning"}) as server:
        server.get("/stream")
        lines_with(server, "streamed")
        assert " GET /stream " not in server.log.read_text(encoding="utf-8")


def test_every_line_is_json_with_the_settings_of_the_image(logged):
    env = settings_of_the_image(logged)
    assert len(env) == 2
    with serving_in_production(logged, env=env) as server:
        for path in ("/", "/no-such-page", "/broken/x", "/after"):
            server.get(path)
        for invalid in (b"GARBAGE\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", server.port)) as client:
                client.sendall(invalid)
                client.recv(1)
        is_granian = logged.answers["server"] == "granian"
        if not is_granian:  # Granian ends with its worker.
            os.kill(int(server.get("/process").text), signal.SIGKILL)
            server.wait_for(lambda response: response.status == 200)
        server.process.send_signal(signal.SIGHUP)
        lines_with(server, "Stopped old worker-1" if is_granian else "Hang up")
        time.sleep(1)
        server.wait_for(lambda response: response.status == 200)
        server.process.terminate()
        assert server.process.wait(timeout=LONG) == 0
        lines = server.log.read_text(encoding="utf-8").splitlines()
    for line in lines:
        assert {"level", "message", "timestamp"} <= json.loads(line).keys()
    loggers = {json.loads(line)["logger"] for line in lines}
    assert loggers & {"_granian", "gunicorn.error"}
    assert "shop" in loggers


def test_development_server_writes_one_line_for_a_request(logged_app):
    with serving(["uv", "run", "flask", "run"], logged_app.folder) as server:
        server.get("/no-such-page")
        (line,) = lines_with(server, "/no-such-page")
        lines_with(server, "Running on")
    assert " INFO " in line


SECOND_APP = """
import logging, os, sys, threading, warnings
from shop import create_app

def state():
    loggers = [logging.root, *map(logging.getLogger, logging.root.manager.loggerDict)]
    return [
        [(each.handlers[:], each.filters[:], each.level, each.propagate) for each in loggers],
        [(each.filters[:], each.formatter, each.level) for each in logging.root.handlers],
        logging.getLogRecordFactory(), logging.getLoggerClass(), logging.raiseExceptions,
        warnings.showwarning, warnings.filters[:], sys.excepthook, threading.excepthook,
        sys.stdout, sys.stderr, dict(os.environ),
    ]

create_app()
before = state()
create_app({"LOG_FORMAT": "json", "LOG_LEVEL": "debug", "PROXY_HOPS": 1})
assert state() == before
"""


def test_second_app_changes_nothing_in_the_process(logged_app):
    run([logged_app.scripts / "python", "-c", SECOND_APP], logged_app.folder)


STREAMS = """
from shop import create_app
app = create_app()

@app.route("/<name>")
def count(name):
    def parts():
        for number in "12":
            app.logger.warning("of " + name)
            yield number
    return parts()

def stream(name):
    headers = {"X-Request-ID": name}
    return app.test_client().get(f"/{name}", headers=headers).response

print(list(zip(stream("one"), stream("two"))))
"""


def test_streams_in_one_thread_keep_their_ids(logged_app):
    output = run([logged_app.scripts / "python", "-c", STREAMS], logged_app.folder)
    found = re.findall(r"WARNING (\w+) of (\w+)", output)
    assert found == [("one", "one"), ("two", "two")] * 2


AFTER_REQUESTS = """
import logging
import threading
from contextvars import copy_context
from flask import Response
from shop import create_app
app = create_app()

@app.route("/inner")
def inner():
    response = Response("inner")
    response.call_on_close(lambda: app.logger.warning("closed"))
    return response

@app.route("/outer")
def outer():
    get("/inner", "inner")
    app.logger.warning("after", stack_info=True)
    start(copy_context().run, app.logger.warning, "copied")
    start(app.logger.warning, "alone")
    return "outer"

@app.route("/unread")
def unread():
    try:
        yield "first"
    finally:
        app.logger.warning("left")

def start(*target):
    thread = threading.Thread(target=target[0], args=target[1:])
    thread.start()
    thread.join()

def get(path, name):
    return app.test_client().get(path, headers={"X-Request-ID": name})

get("/outer", "outer")
logging.getLogger("elsewhere").warning("outside")
response = get("/unread", "unread")
start(response.close)
"""


def test_line_has_the_id_of_its_own_request(logged_app):
    output = run(
        [logged_app.scripts / "python", "-c", AFTER_REQUESTS], logged_app.folder
    )
    said = r"WARNING (\S+) (closed|after|copied|alone|outside|left)"
    assert re.findall(said, output) == [
        ("inner", "closed"),
        ("outer", "after"),
        ("outer", "copied"),
        ("-", "alone"),
        ("-", "outside"),
        ("unread", "left"),
    ]
    assert "\n    Stack (most recent call last):\n" in output


CLOSED_OUTPUT = """
import sys
file = open(sys.argv[1], "wb")  # Its descriptor is the free one of standard output.
assert file.fileno() == 1
from shop import create_app
assert create_app().test_client().get("/").status_code == 200
"""


def test_no_line_reaches_another_file_if_standard_output_is_closed(
    logged_app, tmp_path
):
    script = 'exec "$0" -c "$1" "$2" >&-'
    python, file = logged_app.scripts / "python", tmp_path / "file"
    run(["bash", "-c", script, python, CLOSED_OUTPUT, file], logged_app.folder)
    assert file.read_bytes() == b""


def slowly_read(pipe, lines):
    """Append the lines of the descriptor ``pipe`` to ``lines``, 4 KiB at a time."""
    text = b""
    while piece := os.read(pipe, 4096):
        text += piece
        time.sleep(0.001)
    lines.extend(text.decode().splitlines())


MIXED = ["/", "/no-such-page", "/long/10000", "/broken/x", "/caf%C3%A9" * 100]


@pytest.mark.parametrize("workers", [1, 2])
def test_no_line_breaks_in_a_slow_pipe(logged, workers):
    port = free_port()
    command = production_command(logged, port)
    env = dict.fromkeys(["GRANIAN_WORKERS", "WEB_CONCURRENCY"], str(workers))
    env |= settings_of_the_image(logged)
    reader, writer = os.pipe()
    lines = []
    reading = threading.Thread(target=slowly_read, args=(reader, lines))
    with serving(command, logged.folder, port, env=env, stdout=writer) as server:
        os.close(writer)
        reading.start()
        with ThreadPoolExecutor(16) as clients:
            list(clients.map(server.get, MIXED * 300))
        server.process.terminate()
        server.process.wait(LONG)
    reading.join()
    os.close(reader)
    assert len(lines) >= 2_000
    assert {type(json.loads(line)) for line in lines} == {dict}
    assert max(len(line.encode()) for line in lines) < 4096
    assert sum("[...]" in line for line in lines) >= 300


def test_view_that_exits_is_an_error_with_a_traceback(logged):
    with serving_in_production(logged, env={"FLASK_LOG_FORMAT": "json"}) as server:
        with suppress(OSError, HTTPException):  # Gunicorn's worker exits.
            server.get("/leave", headers={"X-Request-ID": "leaving"})
        lines_with(server, "GET /leave 500")
        lines = [json.loads(line) for line in lines_with(server, '"leaving"')]
    assert [line["level"] for line in lines] == ["ERROR", "ERROR"]
    assert lines[0]["exc_info"].endswith("SystemExit: left")


def test_warnings_are_lines_of_the_request(logged):
    with serving_in_production(logged, env={"FLASK_LOG_FORMAT": "json"}) as server:
        server.get("/warn", headers={"X-Request-ID": "warned"})
        lines_with(server, "GET /warn 200")
        line, _ = (json.loads(each) for each in lines_with(server, '"warned"'))
    assert line["logger"] == "py.warnings"
    assert "FutureWarning: the old way" in line["message"]


IN_PROCESS = """
import io, json, logging, logging.config, sys
HANDLER
from shop import create_app
app = create_app()
app.add_url_rule("/status", view_func=lambda: ("x", "custom"))
client = app.test_client()
assert client.get("/status").status == "0 custom"
assert client.get("/", headers={"X-Request-ID": "own"}).status_code == 200
"""
ADDED = """
class Seen(logging.Handler):
    def emit(self, record):
        show(vars(record), record.name)
logging.getLogger().addHandler(Seen())
logging.getLogger().setLevel("INFO")
"""
CONFIGURED = """
logging.config.dictConfig({
    "version": 1,
    "formatters": {"own": {"format": "%(request_id)s %(path)s %(status)s"}},
    "handlers": {"own": {"class": "logging.StreamHandler", "formatter": "own"}},
    "root": {"handlers": ["own"], "level": "INFO"},
})
"""

SHOW = """
def show(facts, name="shop"):
    if name == "shop":
        print(facts["request_id"], facts["path"], facts["status"], file=sys.stderr)
"""
SENTRY = """
import sentry_sdk
def show_log(log, hint):
    show(log["attributes"], log["attributes"]["logger.name"])
sentry_sdk.init("http://key@127.0.0.1:9/1", enable_logs=True, before_send_log=show_log)
"""
OPENTELEMETRY = """
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import ConsoleLogRecordExporter, SimpleLogRecordProcessor
exporter = ConsoleLogRecordExporter(formatter=lambda data: show(data.log_record.attributes) or "")
provider = LoggerProvider()
provider.add_log_record_processor(SimpleLogRecordProcessor(exporter))
logging.getLogger("shop").addHandler(LoggingHandler(logger_provider=provider))
"""


@pytest.mark.parametrize(
    "handler",
    [ADDED, CONFIGURED, SENTRY, OPENTELEMETRY],
    ids=["added", "dictConfig", "Sentry", "OpenTelemetry"],
)
def test_handler_of_an_owner_gets_the_facts(logged_app, handler):
    code = IN_PROCESS.replace("HANDLER", SHOW + handler)
    packages = ["--with", "sentry-sdk<3", "--with", "opentelemetry-sdk<2"]
    command = ["uv", "run", "--quiet", *packages, "python", "-c", code]
    ended = attempt(command, logged_app.folder)
    assert ended.returncode == 0, ended.stderr
    # The root logger has a handler in the first two.
    assert bool(ended.stdout) == (handler in {SENTRY, OPENTELEMETRY})
    first, second = ended.stderr.splitlines()
    assert first.endswith(" /status 0 custom")
    assert second == "own / 200"


FILTERED = """
import logging
from shop import create_app
client = create_app().test_client()
(output,) = logging.root.handlers
output.addFilter(lambda record: getattr(record, "path", "") != "/healthy")
print([client.get(path).status_code for path in ("/healthy", "/other")])
"""


def test_filter_of_the_handler_hides_records(logged_app):
    output = run([logged_app.scripts / "python", "-c", FILTERED], logged_app.folder)
    line, statuses = output.splitlines()
    assert " GET /other 404 " in line
    assert statuses == "[404, 404]"


UNWRITABLE = """
import sys
from shop import create_app
client = create_app().test_client()
client.application.logger.warning("%d", "no number")
print([client.get(path).status_code for path in ("/", "/x", "/broken/x")], file=sys.stderr)
"""


@pytest.mark.parametrize("output", ["/dev/full", "a pipe without a reader"])
def test_record_that_cannot_be_written_stops_no_request(logged_app, output):
    redirection = ">/dev/full" if output == "/dev/full" else "| true"
    script = f'set -o pipefail; "$0" -c "$1" {redirection}'
    python = logged_app.scripts / "python"
    ended = attempt(["bash", "-c", script, python, UNWRITABLE], logged_app.folder)
    assert ended.returncode == 0, ended.stderr
    assert "[200, 404, 500]" in ended.stderr.splitlines()


def test_reader_that_leaves_stops_no_request(logged):
    port = free_port()
    reader, writer = os.pipe()
    command = production_command(logged, port)
    with serving(command, logged.folder, port, stdout=writer) as server:
        os.close(writer)
        os.close(reader)
        statuses = [server.get(path).status for path in ("/", "/x", "/broken/x") * 20]
    assert statuses == [200, 404, 500] * 20

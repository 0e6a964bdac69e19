def log_handler(log_format: str) -> logging.Handler:
    """Return a handler that writes to standard output, as ``text`` or as ``json``.

    Raise KeyError if ``log_format`` is neither.
    """
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(LOG_FORMATS[log_format])
    handler.addFilter(add_request_id)
    return handler


def add_request_id(record: logging.LogRecord) -> bool:
    """Put the id of the current request into a log record, and let the record pass."""
    inside = has_request_context()
    vars(record)["request_id"] = g.get("request_id", "-") if inside else "-"
    return True


{{ "@app.before_request\n" if cookiecutter.layout == "module" -}}
def start_request() -> None:
    """Note the time, and take the id that the proxy gave the request, or make one."""
    g.start = perf_counter()
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if WELL_FORMED_ID.fullmatch(given) else uuid4().hex


{{ "@app.after_request\n" if cookiecutter.layout == "module" -}}
def log_request(response: Response) -> Response:
    """Write one line about the request, and return the response with its id.

{% if cookiecutter.deploy != "none" %}
    The health check has no line. Nor has a request to ``flask run``, whose server
    writes a line of its own.
    """
    if "request_id" not in g:
        return response
{% else %}
    A request to ``flask run`` has none, since its server writes a line of its own.
    """
{% endif %}
    response.headers["X-Request-ID"] = g.request_id
    if request.environ.get("SERVER_SOFTWARE", "").startswith("Werkzeug"):
        return response
    facts = {
        "method": request.method,
        "path": quote(request.path),
        "status": response.status_code,
        "duration_ms": round(1000 * (perf_counter() - g.start), 3),
    }
    line = "%(method)s %(path)s %(status)d %(duration_ms).3f ms"
    current_app.logger.info(line, facts, extra=facts)
    return response

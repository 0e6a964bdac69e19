{{ "@app.before_request\n" if cookiecutter.layout == "module" -}}
def healthz() -> str | None:
    """Answer the health check at ``/healthz``, before anything looks at the request.

    It says that this process serves. What the app depends on does not matter here, or
    else all processes would be taken for broken when a database is.
    """
    return "OK" if request.path == "/healthz" else None

{% set deployed = cookiecutter.deploy != "none" %}
from collections.abc import Mapping
from typing import Any

from flask import Flask, Response{{ ", request" if deployed }}
from werkzeug.middleware.proxy_fix import ProxyFix

from . import request_log, views

DEFAULTS = {
    "LOG_FORMAT": "text",
    "MAX_CONTENT_LENGTH": 1024 * 1024,
    "PROXY_HOPS": 0,
}


def create_app(test_config: Mapping[str, Any] | None = None) -> Flask:
    """Create and configure the app: Flask's application factory.

    Settings come from environment variables that start with ``FLASK_``, read as
    JSON where they can be: ``FLASK_LIMIT=5`` sets ``LIMIT`` to the number. The
    settings in ``test_config`` override them.

    See https://flask.palletsprojects.com/en/stable/patterns/appfactories/
    """
    app = Flask(__name__)
    app.config.from_mapping(DEFAULTS)
    app.config.from_prefixed_env()
    app.config.from_mapping(test_config)
    if hops := app.config["PROXY_HOPS"]:
        proxied = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)
        app.wsgi_app = proxied  # type: ignore[method-assign]
{% if deployed %}
    app.before_request(healthz)
{% endif %}
    request_log.init_app(app)
    app.register_blueprint(views.bp)
    app.after_request(set_security_headers)
    return app
{% if deployed %}


{% include "production/healthz.py" %}
{% endif %}


def set_security_headers(response: Response) -> Response:
    """Return the response with headers that make browsers protect visitors.

    Scripts, styles and images may come from this site only, no other site may show
    it in a frame, and a file is what its content type says. A header that a view has
    set stays.

    See https://flask.palletsprojects.com/en/stable/web-security/
    """
    policy = "default-src 'self'; frame-ancestors 'none'"
    response.headers.setdefault("Content-Security-Policy", policy)
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("X-Frame-Options", "DENY")
    return response

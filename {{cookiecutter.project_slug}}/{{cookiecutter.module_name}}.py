{% set deployed = cookiecutter.deploy != "none" %}
{% if deployed %}
import logging
import re
import sys
from copy import copy
from time import perf_counter
from urllib.parse import quote
from uuid import uuid4

from flask import Flask, Response, current_app, g, has_request_context, request
from pythonjsonlogger.json import JsonFormatter
from werkzeug.middleware.proxy_fix import ProxyFix

{% include "production/log_formats.py" %}

{% else %}
from flask import Flask

{% endif %}
app = Flask(__name__)
{% if deployed %}
app.config.from_mapping(LOG_FORMAT="text", MAX_CONTENT_LENGTH=1024 * 1024, PROXY_HOPS=0)
app.config.from_prefixed_env()
{% endif %}


@app.route("/")
def hello_world() -> str:
    return "Hello, World!"
{% if deployed %}


{% include "production/healthz.py" %}


{% include "production/request_log.py" %}


handler = log_handler(app.config["LOG_FORMAT"])
logging.basicConfig(level=logging.INFO, handlers=[handler])
logging.getLogger("werkzeug").propagate = False
if hops := app.config["PROXY_HOPS"]:
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops)  # type: ignore[method-assign]
{% endif %}

"""A line in the log for each request, with an id that all of its lines have."""

import logging
import re
import sys
from copy import copy
from time import perf_counter
from urllib.parse import quote
from uuid import uuid4

from flask import Flask, Response, current_app, g, has_request_context, request
from pythonjsonlogger.json import JsonFormatter

{% include "production/log_formats.py" %}


def init_app(app: Flask) -> None:
    """Log what the app does, in the format that its setting ``LOG_FORMAT`` names."""
    handler = log_handler(app.config["LOG_FORMAT"])
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    logging.getLogger("werkzeug").propagate = False
    app.before_request(start_request)
    app.after_request(log_request)


{% include "production/request_log.py" %}

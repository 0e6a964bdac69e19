import json
import logging
import re
from collections.abc import Iterator

import pytest
from flask import g
from flask.testing import FlaskClient

from {{ cookiecutter.module_name }}.request_log import log_handler


{% include "production/test_request_log.py" %}

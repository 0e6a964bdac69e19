{% set deployed = cookiecutter.deploy != "none" %}
{% if deployed %}
import json
import logging
import re
from collections.abc import Iterator

import pytest
from flask import g, url_for
from flask.testing import FlaskClient
{% else %}
from flask import url_for
{% endif %}

from {{ cookiecutter.module_name }} import app{{ ", log_handler" if deployed }}
{% if deployed %}


@pytest.fixture
def client() -> FlaskClient:
    return app.test_client()
{% endif %}


def test_says_hello() -> None:
    response = app.test_client().get("/")
    assert response.status_code == 200
    assert response.text == "Hello, World!"


def test_url_is_made_from_the_function_name() -> None:
    with app.test_request_context():
        assert url_for("hello_world") == "/"
{% if deployed %}


{% include "production/test_request_log.py" %}
{% endif %}

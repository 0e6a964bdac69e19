import pytest
from flask import Flask
from flask.testing import FlaskClient

from {{ cookiecutter.module_name }} import create_app


def test_config_of_a_test_is_used(app: Flask) -> None:
    assert app.testing


def test_config_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_COLOR", "blue")
    assert create_app().config["COLOR"] == "blue"
    assert create_app({"COLOR": "red"}).config["COLOR"] == "red"


def test_every_response_has_security_headers(client: FlaskClient) -> None:
    for path in ("/", "/no-such-page"):
        headers = client.get(path).headers
        assert headers["Content-Security-Policy"].startswith("default-src 'self'")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"


def test_view_can_set_a_header_itself(app: Flask) -> None:
    app.add_url_rule("/own", view_func=lambda: ("", {"X-Frame-Options": "SAMEORIGIN"}))
    headers = app.test_client().get("/own").headers
    assert headers.getlist("X-Frame-Options") == ["SAMEORIGIN"]

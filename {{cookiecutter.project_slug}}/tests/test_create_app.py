import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from {{ cookiecutter.module_name }} import create_app


def test_config_of_a_test_is_used(app: Flask) -> None:
    assert app.testing


def test_config_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_COLOR", "blue")
    assert create_app().config["COLOR"] == "blue"
    assert create_app({"COLOR": "red"}).config["COLOR"] == "red"


def test_body_over_the_limit_is_refused(app: Flask) -> None:
    app.config["MAX_CONTENT_LENGTH"] = 3
    app.add_url_rule("/echo", view_func=lambda: request.data, methods=["POST"])
    client = app.test_client()
    assert client.post("/echo", data="abc").text == "abc"
    assert client.post("/echo", data="abcd").status_code == 413


@pytest.mark.parametrize(
    ("hops", "address"), [(0, "127.0.0.1"), (1, "2.2.2.2"), (2, "1.1.1.1")]
)
def test_as_many_proxies_are_trusted_as_there_are(hops: int, address: str) -> None:
    app = create_app({"PROXY_HOPS": hops})
    app.add_url_rule("/address", view_func=lambda: request.remote_addr or "")
    headers = {"X-Forwarded-For": "1.1.1.1, 2.2.2.2"}
    assert app.test_client().get("/address", headers=headers).text == address


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

from flask import url_for

from {{ cookiecutter.module_name }} import app


def test_says_hello() -> None:
    response = app.test_client().get("/")
    assert response.status_code == 200
    assert response.text == "Hello, World!"


def test_url_is_made_from_the_function_name() -> None:
    with app.test_request_context():
        assert url_for("hello_world") == "/"

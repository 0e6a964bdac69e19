from flask import Flask, url_for
from flask.testing import FlaskClient


def test_page_says_hello(client: FlaskClient) -> None:
    response = client.get("/")
    assert response.status_code == 200
    assert response.mimetype == "text/html"
    assert "<h1>Hello, World!</h1>" in response.text


def test_url_is_made_from_the_function_name(app: Flask) -> None:
    with app.test_request_context():
        assert url_for("views.index") == "/"


def test_page_links_files_that_exist(client: FlaskClient) -> None:
    page = client.get("/").text
    for path in ("/static/icon.svg", "/static/style.css"):
        assert path in page
        with client.get(path) as response:
            assert response.status_code == 200

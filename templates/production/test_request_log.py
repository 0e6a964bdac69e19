@pytest.fixture
def logger(
    client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> Iterator[logging.Logger]:
    caplog.set_level(logging.INFO)
    logger = client.application.logger
    yield logger
    logger.handlers.clear()


def test_request_is_a_line_of_text(
    client: FlaskClient, logger: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    logger.addHandler(log_handler("text"))
    client.get("/no%0Asuch%20page", headers={"X-Request-ID": "some-id"})
    (line,) = capsys.readouterr().out.splitlines()
    assert " INFO some-id GET /no%0Asuch%20page 404 " in line


def test_message_stays_on_its_line(
    logger: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    logger.addHandler(log_handler("text"))
    logger.info("one\ntwo\r\u2028three")
    (line,) = capsys.readouterr().out.splitlines()
    assert line.endswith(r" INFO - one\x0atwo\x0d\x2028three")


def test_request_is_a_line_of_json(
    client: FlaskClient, logger: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    logger.addHandler(log_handler("json"))
    response = client.head("/")
    line = json.loads(capsys.readouterr().out)
    assert line["level"] == "INFO"
    assert line["method"] == "HEAD"
    assert line["path"] == "/"
    assert line["status"] == 200
    assert 0 < line["duration_ms"] < 60_000
    assert line["request_id"] == response.headers["X-Request-ID"]


def test_other_lines_have_the_id_of_the_request(
    client: FlaskClient, logger: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    logger.addHandler(log_handler("json"))
    logger.info("Before any request")
    with client.application.test_request_context():
        client.application.preprocess_request()
        logger.info("In a request")
        made = g.request_id
    lines = map(json.loads, capsys.readouterr().out.splitlines())
    assert [line["request_id"] for line in lines] == ["-", made]


def test_request_keeps_its_id(client: FlaskClient) -> None:
    response = client.get("/", headers={"X-Request-ID": "9f.A_z-0"})
    assert response.headers["X-Request-ID"] == "9f.A_z-0"


@pytest.mark.parametrize("given", ["", "two words", "<b>", "x" * 129, "a,b"])
def test_id_that_is_not_well_formed_is_replaced(
    client: FlaskClient, given: str
) -> None:
    response = client.get("/", headers={"X-Request-ID": given})
    assert re.fullmatch("[0-9a-f]{32}", response.headers["X-Request-ID"])


def test_line_of_the_development_server_is_not_repeated(
    client: FlaskClient, logger: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    logger.addHandler(log_handler("text"))
    client.get("/", environ_overrides={"SERVER_SOFTWARE": "Werkzeug/3.1.0"})
    assert capsys.readouterr().out == ""
{% if cookiecutter.deploy != "none" %}


def test_health_check_is_not_logged(
    client: FlaskClient, logger: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    logger.addHandler(log_handler("text"))
    assert client.get("/healthz").text == "OK"
    assert capsys.readouterr().out == ""


def test_health_check_does_not_depend_on_the_host(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = client.application.config
    monkeypatch.setitem(config, "TRUSTED_HOSTS", ["example.com"])
    assert client.get("/").status_code == 400
    assert client.get("/healthz").status_code == 200
{% endif %}

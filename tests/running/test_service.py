"""A service keeps its promises on SQLite and on PostgreSQL, as its README says."""

import json
import re
import threading
import time
from collections import namedtuple
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, nullcontext
from itertools import chain

import pytest

from dev.commands import WINDOWS, attempt, run
from dev.production import serving_in_production
from dev.readmes import blocks, follow, in_bash, section
from dev.servers import GREETING, LONG, free_port, greet, serving, wait_until
from dev.variants import TEMPLATE

pytestmark = pytest.mark.skipif(WINDOWS, reason="these commands are for bash")
DATABASES = ["sqlite", "postgresql"]
UPGRADE = ["uv", "run", "alembic", "upgrade", "head"]


@pytest.fixture
def installed_service(installed_project):
    """Return an installed service, not to be changed."""
    return installed_project(layout="service", deploy="container", ci="github")


@pytest.fixture
def changeable_service(installed_service, tmp_path):
    """Return an installed service that a test can change."""
    project = installed_service.copy(tmp_path / "hello")
    project.install()
    return project


@pytest.fixture(params=DATABASES)
def database(request, tmp_path):
    """Return the address of an empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/empty.db"
    return request.getfixturevalue("database_server").create()


def expect_all_is_well(project, env):
    """Run what a pipeline runs."""
    run(["uv", "run", "ruff", "check"], project.folder)
    run(["uv", "run", "ruff", "format", "--check"], project.folder)
    assert " passed" in run(["uv", "run", "pytest"], project.folder, env=env)


def test_first_commands_store_and_list_a_greeting(changeable_service, program):
    program("curl")
    first, ask, *_ = blocks(changeable_service.read("README.md"))
    migrate, start = first.splitlines()
    follow(migrate, changeable_service.folder)
    with serving(in_bash(start), changeable_service.folder) as server:
        assert GREETING in server.get().text
        said = follow(
            ask.replace("http://127.0.0.1:5000", server.url), changeable_service.folder
        )
        assert server.get("/openapi.json").status == 200
    assert said.count('"text":"Hi"') == 2
    assert '"next":null' in said


def test_commands_read_the_same_database_from_dotenv(changeable_service, database):
    dotenv = changeable_service.folder / ".env"
    dotenv.write_text(f"FLASK_DATABASE_URL={database}\n")
    run(UPGRADE, changeable_service.folder)
    assert not (changeable_service.folder / "hello.db").exists()
    with serving(["uv", "run", "flask", "run"], changeable_service.folder) as server:
        assert json.loads(server.get("/greetings").text)["items"] == []


STORE = """
import sys
from sqlalchemy import create_engine, text
with create_engine(sys.argv[1]).begin() as connection:
    connection.execute(text("INSERT INTO greetings (text) VALUES ('Hi')"))
"""


def test_documented_field_is_added_with_its_migration_and_test(
    changeable_service, database, request
):
    env = {"FLASK_DATABASE_URL": database}
    run(UPGRADE, changeable_service.folder, env=env)
    python = changeable_service.scripts / "python"
    run([python, "-c", STORE, database], changeable_service.folder)
    text = section(changeable_service.read("README.md"), "Add a field")
    fields, test = blocks(text, "python")
    code = "src/hello/greetings.py"
    for name, line in zip(
        ("GreetingRow(Base)", "NewGreeting(BaseModel)", "Greeting(BaseModel)"),
        fields.splitlines(),
        strict=True,
    ):
        head, start, rest = changeable_service.read(code).partition(f"class {name}:\n")
        own, end, after = rest.partition("\n\n\n")
        changed = f"{head}{start}{own}\n    {line}{end}{after}"
        (changeable_service.folder / code).write_text(changed)
    (commands,) = blocks(text)
    follow(commands, changeable_service.folder, env=env)
    changeable_service.append("tests/test_greetings.py", test)
    (migration,) = changeable_service.folder.glob(
        "migrations/versions/*_add_a_language.py"
    )
    assert "batch_alter_table" in migration.read_text()
    tested = {}
    if "sqlite" not in database:
        server = request.getfixturevalue("database_server")
        tested["TEST_DATABASE_URL"] = server.create()
    expect_all_is_well(changeable_service, tested)


@pytest.mark.expensive(reason="make test adds the documented field on both databases")
def test_example_can_be_deleted_after_a_copy_of_it(
    changeable_service, database, database_server
):
    project, env = changeable_service, {"FLASK_DATABASE_URL": database}
    run(UPGRADE, project.folder, env=env)
    for old in ("src/hello/greetings.py", "tests/test_greetings.py"):
        text = project.read(old).replace("greeting", "order")
        new = project.folder / old.replace("greetings", "orders")
        new.write_text(text.replace("Greeting", "Order"))
    app = "src/hello/__init__.py"
    register = "    app.register_blueprint(greetings.bp)\n"
    project.change(app, "    hello,\n", "    hello,\n    orders,\n")
    project.change(app, register, register + register.replace("greetings", "orders"))
    text = section(project.read("README.md"), "Delete the example")
    files, lines = (line for line in text.splitlines() if line.startswith("- "))
    for name in re.findall(r"`(\w+\.py)`", files):
        own = rf"(src|tests)/.*\b{name}"
        (file,) = (f for f in project.files() if re.match(own, f))
        (project.folder / file).unlink()
    for word in re.findall(r"`(greetings\S*)`", lines):
        project.change(app, register if "." in word else f"    {word},\n", "")
    (commands,) = blocks(section(project.read("README.md"), "Add a field"))
    follow(commands.replace("Add a language", "Orders"), project.folder, env=env)
    expect_all_is_well(project, {"TEST_DATABASE_URL": database_server.create()})
    assert " passed" in run(["uv", "run", "pytest"], project.folder)
    left = [f for f in project.files() if re.match(r"(src|tests)/.*\.py$", f)]
    assert [f for f in left if "greetings" in project.read(f).lower()] == []
    with serving(["uv", "run", "flask", "run"], project.folder, env=env) as server:
        assert greet(f"{server.url}/orders").status == 201


def add_migration(project, *steps):
    """Write a migration that does ``steps``, and return its file."""
    head = """
import sqlalchemy as sa
from alembic import op
revision = "0002"
down_revision = "0001"
def upgrade():
"""
    file = project.folder / "migrations" / "versions" / "0002_added.py"
    file.write_text(head + "".join(f"    {step}\n" for step in steps))
    return file


# With a concurrent index.
SLOW = (
    'op.execute("SELECT pg_sleep(1)")',
    'op.add_column("greetings", sa.Column("language", sa.String(2)))',
    "with op.get_context().autocommit_block():",
    '    op.execute("CREATE INDEX CONCURRENTLY ix_slow ON greetings (text)")',
)


def migrate_at_once(project, url, number=4):
    """Return the statuses of ``number`` starters that migrate an empty database."""

    def migrate(_):
        env = {"FLASK_DATABASE_URL": url}
        return attempt(UPGRADE, project.folder, env=env).returncode

    with ThreadPoolExecutor(number) as starters:
        return list(starters.map(migrate, range(number)))


def test_several_starters_migrate_an_empty_database_at_once(
    changeable_service, database_server
):
    add_migration(changeable_service, *SLOW)
    url = database_server.create()
    assert migrate_at_once(changeable_service, url) == [0] * 4
    # Without the lock, some fail: so it is the lock that helps.
    changeable_service.change("migrations/env.py", "pg_try_advisory_lock(", "0 < abs(")
    assert migrate_at_once(changeable_service, database_server.create()) != [0] * 4


def test_only_an_upgrade_accepts_tables_of_an_unknown_release(
    changeable_service, database
):
    env = {"FLASK_DATABASE_URL": database}
    folder, alembic = changeable_service.folder, ["uv", "run", "alembic"]
    unknown = add_migration(changeable_service, "pass")
    run(UPGRADE, folder, env=env)
    unknown.unlink()
    run(UPGRADE, folder, env=env)
    for command in (["check"], ["revision", "--message=Mine", "--autogenerate"]):
        with pytest.raises(AssertionError, match="Can't locate revision"):
            run([*alembic, *command], folder, env=env)
    assert not [*folder.glob("migrations/versions/*_mine.py")]


def test_failed_migration_leaves_nothing_behind(changeable_service, database):
    project, env = changeable_service, {"FLASK_DATABASE_URL": database}
    create = 'op.create_table("half", sa.Column("id", sa.Integer))'
    add_migration(project, create, 'raise RuntimeError("on purpose")')
    assert "on purpose" in attempt(UPGRADE, project.folder, env=env).stderr
    current = run(["uv", "run", "alembic", "current"], project.folder, env=env)
    assert "\n0001\n" in current  # The one before has a transaction of its own.
    add_migration(project, create)
    run(UPGRADE, project.folder, env=env)


def test_migration_without_a_database_ends_with_one_line(installed_service):
    env = {"FLASK_DATABASE_URL": "postgresql://ada:secret@127.0.0.1:1/x"}
    ended = attempt(UPGRADE, installed_service.folder, env=env)
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    assert "The database does not answer" in ended.stderr
    assert "secret" not in ended.stdout + ended.stderr


@contextmanager
def in_production(project, url):
    """Serve a ``project`` with two workers and a migrated database, and yield the Server."""
    run(UPGRADE, project.folder, env={"FLASK_DATABASE_URL": url})
    with serving_in_production(project, env=two_workers(url)) as server:
        yield server


def two_workers(url):
    """Return variables for two workers of each server that use a database."""
    return {"FLASK_DATABASE_URL": url, "GRANIAN_WORKERS": "2", "WEB_CONCURRENCY": "2"}


@pytest.mark.expensive(reason="make test runs the same step of a pipeline")
def test_fuzzing_finds_no_difference_from_the_document(
    installed_service, database_server
):
    # The pipelines do so on SQLite.
    with in_production(installed_service, database_server.create()) as server:
        workflow = installed_service.read(".github/workflows/ci.yml")
        (fuzz,) = re.findall(r"uvx \"schemathesis.*\n.*$", workflow, re.MULTILINE)
        fuzz = fuzz.replace("http://127.0.0.1:5000", server.url)
        fuzz = f"{fuzz} --max-examples 100"
        said = run(in_bash(fuzz), installed_service.folder.parent)
        assert "No issues found" in said
        assert " 500 " not in server.log.read_text()


def test_one_of_many_clients_deletes_a_greeting(installed_service, database):
    with in_production(installed_service, database) as server:
        for _ in range(3):
            made = json.loads(greet(f"{server.url}/greetings").text)
            path = f"/greetings/{made['id']}"
            with ThreadPoolExecutor(16) as clients:
                ended = list(clients.map(server.get, [path] * 16, ["DELETE"] * 16))
            assert sorted(each.status for each in ended) == [204, *[404] * 15]


def test_sqlite_is_migrated_while_requests_write(changeable_service, tmp_path):
    url, ended = f"sqlite:///{tmp_path}/written.db", threading.Event()

    def write(server):
        while not ended.is_set():
            assert greet(f"{server.url}/greetings").status == 201

    with (
        in_production(changeable_service, url) as server,
        ThreadPoolExecutor(8) as clients,
    ):
        add_migration(changeable_service, SLOW[1])
        written = [clients.submit(write, server) for _ in range(8)]
        try:
            wait_until(lambda: "/greetings" in server.log.read_text())
            run(UPGRADE, changeable_service.folder, env={"FLASK_DATABASE_URL": url})
        finally:
            ended.set()
    assert [each.result() for each in written] == [None] * 8


def test_migration_may_change_the_type_of_a_column(installed_service, database_server):
    url = database_server.create()
    with in_production(installed_service, url) as server:
        before = {server.get("/greetings").status for _ in range(40)}
        change = "ALTER TABLE greetings ALTER COLUMN text TYPE varchar(999)"
        run(["psql", "--quiet", "--command", change, url], installed_service.folder)
        after = {server.get("/greetings").status for _ in range(40)}
    assert before == after == {200}


def test_service_works_behind_pgbouncer(changeable_service, database_server, program):
    program("pgbouncer")
    project, url = changeable_service, database_server.create()
    run(UPGRADE, project.folder, env={"FLASK_DATABASE_URL": url})
    (name,) = re.findall(r"delete `(\w+)` in `database", project.read("DEPLOY.md"))
    code = project.folder / "src/hello/database.py"
    code.write_text(re.sub(rf', "{name}": ".*?"', "", code.read_text()))
    with (
        database_server.pooled(url) as pooled,
        serving_in_production(project, env=two_workers(pooled)) as server,
        ThreadPoolExecutor(16) as clients,
    ):
        made = clients.map(greet, [f"{server.url}/greetings"] * 160)
        assert [each.status for each in made] == [201] * 160
        assert server.get("/readyz").text == "OK"


Answer = namedtuple("Answer", "asked answered status retry_after")


@contextmanager
def under_load(server, ready=1):
    """Let 24 clients ask for greetings again and again, and others for health.

    Yield the list of Answers to each client, by its path.
    """
    paths = ["/healthz", *(f"/readyz?{n}" for n in range(ready))]
    paths += [f"/greetings?limit={n}" for n in range(1, 25)]
    answers, ended = {path: [] for path in paths}, threading.Event()

    def ask(path):
        while not ended.wait(0.2):
            asked, response = time.monotonic(), server.get(path)
            retry = response.headers["retry-after"]
            answer = Answer(asked, time.monotonic(), response.status, retry)
            answers[path].append(answer)

    with ThreadPoolExecutor(len(paths)) as clients:
        clients.map(ask, paths)
        try:
            yield answers
        finally:
            ended.set()


def wait_for_all(answers, condition):
    """Wait until ``condition`` is true for an answer to each client."""
    wait_until(lambda: all(any(map(condition, each)) for each in answers.values()))


OTHER = pytest.mark.expensive(reason="make test tries Granian")


@pytest.mark.parametrize("server", ["granian", pytest.param("gunicorn", marks=OTHER)])
@pytest.mark.parametrize("kind", ["killed", "silent"])
def test_outage_is_survived_without_a_restart(
    installed_project, database_server, kind, server
):
    project = installed_project(layout="service", deploy="container", server=server)
    url = database_server.create()
    run(UPGRADE, project.folder, env={"FLASK_DATABASE_URL": url})
    outage = getattr(database_server, kind)
    with ExitStack() as stack:
        with outage():
            serve = serving_in_production(project, env=two_workers(url))
            server = stack.enter_context(serve)
            assert server.get("/healthz").text == "OK"
            assert server.get("/readyz").status == 503
            assert server.get("/greetings").status == 503
        assert server.get("/readyz").text == "OK"
        with under_load(server, ready=20) as answers:
            wait_for_all(answers, lambda each: each.status == 200)
            with outage():
                start = time.monotonic()
                wait_for_all(answers, lambda each: each.asked > start)
                end = time.monotonic()
            back = time.monotonic()
            wait_for_all(answers, lambda each: each.asked > back)
        assert {each.status for each in answers.pop("/healthz")} == {200}
        answers = list(chain.from_iterable(answers.values()))
        assert {each.status for each in answers if each.asked > back} == {200}
        during = {each for each in answers if start < each.asked < each.answered < end}
        failures = {each for each in answers if each.status != 200}
        assert during <= failures
        assert {(each.status, each.retry_after) for each in failures} == {(503, "5")}
        lines = server.log.read_text().count("The database does not answer")
        assert lines == len(failures) + 2
        with outage():
            pass
        assert server.get("/greetings").status == 200
        with outage() if kind == "silent" else nullcontext():
            with ThreadPoolExecutor(8) as threads:
                asked = [threads.submit(server.get, "/greetings") for _ in range(8)]
                time.sleep(1)
                server.process.terminate()
            assert {each.result().status for each in asked} <= {200, 503}
            assert server.process.wait(timeout=LONG) == 0
        assert "Traceback" not in server.log.read_text()


def test_service_whose_connections_are_all_busy_stays_ready(
    installed_service, database_server
):
    url = database_server.create()
    with in_production(installed_service, url) as server:
        with under_load(server) as answers:
            lock = "BEGIN; LOCK greetings; SELECT pg_sleep(5)"
            run(["psql", "--quiet", "--command", lock, url], installed_service.folder)
        assert {each.status for each in answers.pop("/readyz?0")} == {200}
        statuses = {each.status for each in chain.from_iterable(answers.values())}
        assert statuses == {200, 503}


SIGN = """
import json, sys, time
import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

now = int(time.time())
own, other = (rsa.generate_private_key(65537, 2048) for _ in range(2))
key = jwt.algorithms.RSAAlgorithm.to_jwk(own.public_key(), as_dict=True)
with open("jwks.json", "w") as file:
    json.dump({"keys": [{**key, "kid": "1", "use": "sig", "alg": "RS256"}]}, file)
good = {"aud": "api", "exp": now + 600, "iss": "me", "sub": "ada"}
without = lambda name: {key: good[key] for key in good if key != name}
sign = lambda claims, key=own, how="RS256", kid="1": jwt.encode(
    claims, key, how, headers={"kid": kid}
)
print(json.dumps({
    "good": sign(good),
    "expired": sign({**good, "exp": now - 600}),
    "of another API": sign({**good, "aud": "other"}),
    "of another provider": sign({**good, "iss": "other"}),
    "for ever": sign(without("exp")),
    "of nobody": sign(without("sub")),
    "of another key": sign(good, other),
    "of an unknown key": sign(good, kid="2"),
    "unsigned": sign(good, None, "none"),
    "signed with a secret": sign(good, "x" * 32, "HS256"),
}))
"""


@pytest.mark.expensive(reason="a recipe: no project contains it")
def test_documented_tokens_fail_closed(changeable_service):
    project = changeable_service
    text = (TEMPLATE / "docs" / "beyond-the-service.md").read_text(encoding="utf-8")
    (install,) = blocks(text)
    tokens, call, settings, tests_settings, test = blocks(text, "python")
    follow(install, project.folder)
    package = project.folder / "src" / "hello"
    (package / "tokens.py").write_text(tokens)
    (project.folder / "tests" / "test_tokens.py").write_text(test)
    app = "src/hello/__init__.py"
    project.change(app, "    settings,\n", "    settings,\n    tokens,\n")
    project.change(app, "    api.init_app(app)\n", f"{call}    api.init_app(app)\n")
    start = '    "LOG_FORMAT": ('
    project.change("src/hello/settings.py", start, settings + start)
    line = "        command.upgrade("
    project.change("tests/conftest.py", line, tests_settings + line)
    run(["uv", "run", "ruff", "check"], project.folder)
    run(["uv", "run", "ruff", "format", "--check"], project.folder)
    run(["uv", "run", "pytest", "tests/test_tokens.py"], project.folder)
    # A view that somebody adds is found, unless it needs a token.
    missing = attempt(["uv", "run", "flask", "routes"], project.folder)
    assert missing.returncode == 4

    folder = project.folder.with_name("provider")
    folder.mkdir()
    signed = json.loads(run([project.scripts / "python", "-c", SIGN], folder))
    port = free_port()
    env = {
        "FLASK_TOKEN_AUDIENCE": "api",
        "FLASK_TOKEN_ISSUER": "me",
        "FLASK_TOKEN_KEYS": f"http://127.0.0.1:{port}/jwks.json",
    }
    run(UPGRADE, project.folder, env=env)

    def status(token, server):
        return server.get("/greetings", headers={"Authorization": token}).status

    with serving(["uv", "run", "flask", "run"], project.folder, env=env) as server:
        assert GREETING in server.get().text
        assert server.get("/greetings").status == 401
        assert status(f"Bearer {signed['good']}", server) == 503
        provider = ["python3", "-m", "http.server", "--bind=127.0.0.1", str(port)]
        with serving(provider, folder, port):
            assert status(f"Bearer {signed.pop('good')}", server) == 200
            for kind, token in signed.items():
                assert status(f"Bearer {token}", server) == 401, kind
            assert status("Bearer x", server) == 401
            assert status("Basic eDp4", server) == 401


USE_CLIENT = """
import sys
from hello_client import Client
from hello_client.api.greetings import (
    create_greeting, delete_greeting, list_greetings, replace_greeting, show_greeting
)
from hello_client.models import NewGreeting, Problem

with Client(base_url=sys.argv[1]) as client:
    made = create_greeting.sync(client=client, body=NewGreeting(text="Hi"))
    assert made.text == "Hi" and made.created.tzinfo
    page = list_greetings.sync(client=client, limit=5)
    assert page.items == [made] and page.next_ is None
    new = replace_greeting.sync(made.id, client=client, body=NewGreeting(text="Bye"))
    assert show_greeting.sync(made.id, client=client) == new and new.text == "Bye"
    wrong = create_greeting.sync(client=client, body=NewGreeting(text=""))
    assert isinstance(wrong, Problem) and wrong.errors[0].pointer == "#/text"
    assert delete_greeting.sync_detailed(made.id, client=client).status_code == 204
    assert show_greeting.sync(made.id, client=client).status == 404
"""


@pytest.mark.expensive(reason="no project contains a client")
def test_client_that_a_program_generates_works(installed_service, tmp_path):
    url = f"sqlite:///{tmp_path}/client.db"
    with in_production(installed_service, url) as server:
        generate = ["uvx", "openapi-python-client>=0.29,<1", "generate", "--meta=none"]
        document = ["--url", f"{server.url}/openapi.json"]
        output = ["--output-path", tmp_path / "hello_client"]
        run([*generate, *document, *output], tmp_path)
        needs = [f"--with={name}" for name in ("attrs", "httpx", "python-dateutil")]
        use = ["python", "-c", USE_CLIENT, server.url]
        run(["uv", "run", "--no-project", "--quiet", *needs, *use], tmp_path)

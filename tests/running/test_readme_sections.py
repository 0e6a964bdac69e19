"""In a project's README, the page to add, the cures and the inline commands work."""

import ensurepip
import os
import re
import shlex
import shutil
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from functools import cache, partial
from itertools import permutations

import pytest

from dev import pythons
from dev.commands import (
    PYTHON,
    WINDOWS,
    attempt,
    outside_path,
    run,
    site_packages,
    tool,
)
from dev.projects import Project
from dev.readmes import blocks, commands, follow, section
from dev.servers import GREETING, serving
from dev.values import OLDEST_PYTHON
from dev.variants import CHOICES, PAGES

pytestmark = pytest.mark.skipif(WINDOWS, reason="these commands are for bash")
CURES = "When it does not work"
# Commands of a project that was moved contain the old path; Python's options do not.
FLASK = "uv run --no-sync python -m flask"
FLASK_PY = "from flask import Flask\n"
USE_SESSION = "__import__('flask').session['visits'] = 1"


@pytest.fixture
def cured_project(installed_project):
    """Return an installed module, not to be changed."""
    return installed_project(layout="module", ci="github")


@pytest.fixture
def broken_copy(tmp_path):
    """Return a function that copies an installed project, whose commands keep their paths.

    Both share the files of packages, which no test changes.
    """

    def copy_file(source, target):
        is_shared = "site-packages" in source and not source.endswith(".pth")
        (os.link if is_shared else shutil.copy2)(source, target)

    def broken_copy(project):
        folder = tmp_path / "moved"
        shutil.copytree(project.folder, folder, symlinks=True, copy_function=copy_file)
        for file in site_packages(folder / ".venv").glob("*hello*.pth"):
            file.write_text(f"{folder}/src\n", encoding="utf-8")
        return Project(folder, project.answers)

    return broken_copy


def output(command, folder, **variables):
    """Return the output and errors of ``command`` in ``folder``."""
    # Ignore a Flask that is installed elsewhere on the machine.
    env = {"PATH": os.defpath, **variables}
    result = attempt(shlex.split(command), folder, env=env)
    return result.stdout + result.stderr


def moved(project):
    """Return the output of ``uv run`` after the folder was moved."""
    project.change(".venv/bin/flask", "/hello/.venv/", "/gone/.venv/")
    return output("uv run --no-sync flask run", project.folder)


def renamed(project):
    """Return the output of ``flask`` after the app was renamed."""
    old = project.view if project.view.stem == project.name else project.view.parent
    old.rename(old.with_name(f"other{old.suffix}"))
    return output(f"{FLASK} routes", project.folder)


def called_flask(project):
    """Return the output of ``flask`` for a file called ``flask.py``."""
    (project.folder / "flask.py").write_text(FLASK_PY)
    return output("uv run --no-sync flask --app flask run", project.folder)


def started_as_a_file(project):
    """Return the output of Python with the app's file, or a note if there is none."""
    file = "hello.py" if project.view.stem == "hello" else "src/hello/__init__.py"
    said = output(f"uv run --no-sync python {file}", project.folder)
    return said or "no output from"


def with_code(project, code):
    """Return the output of ``flask`` after ``code`` was added to the app."""
    with project.view.open("a", encoding="utf-8") as file:
        file.write(code)
    return output(f"{FLASK} routes", project.folder)


def page_of(project, code):
    """Return the page, and the output, of a view whose first line is ``code``."""
    project.change(project.view, "    return ", f"    {code}\n    return ")
    with serving([*FLASK.split(), "run"], project.folder) as server:
        return server.get().text + server.log.read_text(encoding="utf-8")


def after_a_change(project):
    """Return a note if the page is the old one after a change without debug mode."""
    with serving([*FLASK.split(), "run"], project.folder) as server:
        project.change(project.view, "Hello, World!", "Bonjour!")
        time.sleep(2)  # In debug mode, the server restarts after a second.
        return "the old page" if GREETING in server.get().text else ""


def on_a_taken_port(project):
    """Return the output of ``flask run`` on a port that another program uses."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = str(server.getsockname()[1])
        said = output(f"{FLASK} run --port {port}", project.folder)
    return said.replace(port, "5000")


@cache
def bundled_pip(python):
    """Return the pip of a new virtual environment of ``python``."""
    environment = tempfile.mkdtemp()
    run([python, "-m", "venv", environment], environment)
    return f"{environment}/bin/pip"


def with_an_old_pip(project):
    """Return the output of the pip that Python bundles, if it is old."""
    if tuple(map(int, ensurepip.version().split(".")[:2])) >= (25, 1):
        pytest.skip(
            "needs a Python with an older pip: .venv/bin/uv python install 3.11"
        )
    pip = bundled_pip(sys.executable)
    return output(f"{pip} install -e . --group dev", project.folder)


def with_an_old_python(project):
    """Return the output of pip with a Python that is too old."""
    minor = int(OLDEST_PYTHON.partition(".")[2]) - 1
    python = pythons.find(f"3.{minor}")
    if not python:
        pytest.skip(f"needs Python 3.{minor}: .venv/bin/uv python install 3.{minor}")
    pip = bundled_pip(python)
    return output(f"{pip} install --no-deps -e .", project.folder)


REPRODUCED: dict[str, Callable[[Project], str]] = {
    "command not found": lambda project: output("bash -c 'flask run'", project.folder),
    "Failed to spawn": moved,
    # In the folder above, with another project's FLASK_APP, and without packages:
    "Could not locate": lambda project: output(
        f"{project.scripts}/python -m flask run", project.folder.parent
    ),
    "Could not import": renamed,
    "Could not import 'other'": lambda project: output(
        f"{FLASK} routes", project.folder, FLASK_APP="other"
    ),
    "No module named 'flask'": lambda project: output(
        f"{PYTHON} -S {project.view}", project.folder
    ),
    "No module named 'requests'": partial(with_code, code="\nimport requests\n"),
    "SyntaxError": partial(with_code, code="\ndef unfinished(:\n"),
    "NameError": partial(with_code, code="\nunknown\n"),
    "Internal Server Error": partial(page_of, code="1 / 0"),
    "the old page": after_a_change,
    "session is unavailable": partial(page_of, code=USE_SESSION),
    "no output from": started_as_a_file,
    "attempted relative import": started_as_a_file,
    "in module 'flask'": called_flask,
    "Port 5000 is in use": on_a_taken_port,
    "no such option": with_an_old_pip,
    "requires a different Python": with_an_old_python,
}
# Python's own messages, and a version that prints each.
OF_A_PYTHON = {"circular import": "3.12", "consider renaming": "3.14"}
OF_A_LAYOUT = {
    "module": {
        "Internal Server Error",
        "NameError",
        "No module named 'requests'",
        "SyntaxError",
        "no output from",
        "the old page",
    },
    "package": {"attempted relative import"},
}


def messages(project):
    """Return the messages in the first column of the cures' table."""
    rows = re.findall(
        r"^\| (.+?) \| ", section(project.read("README.md"), CURES), re.MULTILINE
    )
    cells = [cell for row in rows[2:] for cell in re.split("`?, `?", row)]
    return {cell.removesuffix(" `python FILE.py`").strip("`") for cell in cells}


@pytest.mark.parametrize(("layout", "other"), [*permutations(PAGES)])
def test_every_message_is_reproduced(bake, layout, other):
    known = REPRODUCED.keys() | OF_A_PYTHON.keys()
    assert messages(bake(layout=layout)) == known - OF_A_LAYOUT[other]


# The messages of both layouts have the same causes: the module shows them.
@pytest.mark.parametrize("message", REPRODUCED)
def test_documented_message_appears(installed_project, broken_copy, message):
    layout = "package" if message in OF_A_LAYOUT["package"] else "module"
    project = broken_copy(installed_project(layout=layout, ci="github"))
    assert message in REPRODUCED[message](project)


@pytest.mark.parametrize(("message", "version"), OF_A_PYTHON.items())
def test_message_of_a_python_appears(python_of, tmp_path, message, version):
    (tmp_path / "flask.py").write_text(FLASK_PY)
    assert message in output(f"{python_of(version)} -m flask run", tmp_path)


@pytest.mark.parametrize("above", [1, 3])
def test_empty_env_file_keeps_out_one_from_above(cured_project, tmp_path, above):
    folder = tmp_path / "a" / "b" / "project"
    shutil.copytree(cured_project.folder, folder, symlinks=True)
    other = folder.parents[above - 1] / ".env"
    other.write_text("FLASK_APP=other\nFLASK_RUN_HOST=nowhere.invalid\n")
    assert "Could not import 'other'" in output(f"{FLASK} routes", folder)
    (folder / ".env").touch()
    assert "/static/" in output(f"{FLASK} routes", folder)
    with serving([*FLASK.split(), "run"], folder) as server:
        assert GREETING in server.get().text


def test_settings_come_from_the_environment_as_documented(bake, tmp_path):
    project = bake(layout="module").copy(tmp_path / "hello")
    project.install()
    text = section(project.read("README.md"), "Next steps")
    (app, line, variable, _) = re.findall("`(app.+?|FLASK_.+?)`", text)[:4]
    project.change(project.view, f"{app}\n", f"{app}\n{line}\n")
    (project.folder / ".env").write_text(f"{variable}\n")
    assert GREETING in page_of(project, USE_SESSION)


def test_line_for_a_wsgi_file_loads_the_app(cured_project):
    text = section(cured_project.read("README.md"), "Next steps")
    (line,) = re.findall("`(from .+ as application)`", text)
    code = f"{line}; print(application.test_client().get('/').text)"
    python = cured_project.scripts / "python"
    assert GREETING in run([python, "-c", code], cured_project.folder)


PAGE_TO_ADD = {"module": "This app says hello.", "package": "<h1>About</h1>"}


@pytest.mark.parametrize("deploy", CHOICES["deploy"][:2])
@pytest.mark.parametrize("layout", PAGES)
def test_page_to_add_is_served(bake, tmp_path, layout, deploy):
    project = bake(layout=layout, deploy=deploy, ci="github").copy(tmp_path / "hello")
    text = section(project.read("README.md"), "Add a page")
    (code,) = blocks(text, "python")
    project.append(project.view, code)
    if layout == "package":
        templates = project.view.parent / "templates"
        page = (templates / "index.html").read_text(encoding="utf-8")
        (extends,) = re.findall("`({% extends .+? %})`", text)
        assert page.startswith(f"{extends}\n")
        edited = page.replace("Hello, World!", "About")
        (templates / "about.html").write_text(edited, encoding="utf-8")
    for command in ("check", "format --check"):
        run([tool("ruff"), *command.split(), "--no-cache", "."], project.folder)
    assert " passed" in run(["uv", "run", "pytest"], project.folder)
    (path,) = re.findall(r"<http://127\.0\.0\.1:5000(/\w+)>", text)
    with serving(["uv", "run", "flask", "run"], project.folder) as server:
        page = server.get(path)
    assert page.status == 200
    assert PAGE_TO_ADD[layout] in page.text
    assert ("/static/style.css" in page.text) == (layout == "package")


INLINE = {
    "uv run flask run": GREETING,
    "uv run flask run --host=0.0.0.0": GREETING,
    "uv run flask --app hello run": GREETING,
    "uv run python -m flask run": GREETING,
    "uv run flask routes": "/static/",
    "uv run ruff check": "All checks passed!",
    "uv run ruff format --check": "already formatted",
    "uv add itsdangerous": "",
    "uv add requests": "",
    "uv sync --locked --no-dev": "",
    "git init --initial-branch=main": "",
}


@pytest.mark.parametrize("layout", PAGES)
def test_every_inline_command_is_tested(bake, layout):
    found = {
        command.replace("NAME", "itsdangerous" if "add" in command else "hello")
        for command in commands(bake(layout=layout, ci="github").read("README.md"))
        if re.match(r"(uv|git) ", command) and command != "uv run"
    }
    blocks = {"uv run flask run --debug", "uv run pytest"}
    of_a_module = {"uv add requests", "uv sync --locked --no-dev"}
    module = layout == "module"
    assert found - blocks == INLINE.keys() - (set() if module else of_a_module)


@pytest.mark.parametrize(
    ("file", "app"),
    [
        ("wsgi.py", "application = Flask('x')"),
        ("app.py", "app, other = Flask('x'), Flask('y')"),
        ("app.py", "only = Flask('x')"),
        ("wsgi.py", "def create_app(): return Flask('x')"),
        ("app.py", "def make_app(): return Flask('x')"),
    ],
)
def test_app_is_found_where_the_readme_says(cured_project, tmp_path, file, app):
    text = section(
        cured_project.read("README.md"), "What happens when you type `flask run`"
    )
    assert f"`{file}`" in text
    (tmp_path / file).write_text(f"from flask import Flask\n{app}\n", encoding="utf-8")
    routes = f"{cured_project.scripts}/python -m flask routes"
    assert "/static/" in output(routes, tmp_path)


@pytest.mark.usefixtures("git")
@pytest.mark.parametrize("command", INLINE)
def test_inline_command_works(cured_project, tmp_path, command):
    if re.search("add|git|sync", command):
        follow(command, cured_project.copy(tmp_path / "hello").folder)
    else:
        assert INLINE[command] in follow(command, cured_project.folder)


@pytest.mark.parametrize("shell", ["bash", "fish"])
def test_shell_activates_the_environment_and_names_the_app(
    cured_project, tmp_path, program, shell
):
    program(shell)
    text = section(cured_project.read("README.md"), "Without uv")
    (row,) = re.findall(rf"^\| {shell}.*", text, re.MULTILINE)
    activate, name_app = re.findall(r"`(.+?)`", row)
    script = f"{activate}; {name_app}; cd {tmp_path}; python -m flask routes"
    assert "/static/" in run(
        [shell, "-c", script],
        cured_project.folder,
        env={"PATH": outside_path(), "PYTHONPATH": str(cured_project.folder)},
    )

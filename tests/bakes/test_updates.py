"""Cruft updates projects to a newer template and keeps their owners' changes.

https://cruft.github.io/cruft/
"""

import base64
import json
import re
import shlex
import shutil
import sys
from dataclasses import dataclass
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from threading import Thread

import pytest

from dev.commands import WINDOWS, attempt, run
from dev.projects import Project, copy_template
from dev.readmes import blocks_of, in_bash
from dev.variants import ASKED, CHOICES, SMALLEST, TEMPLATE, with_holder
from hooks.pre_gen_project import PLACEHOLDER

pytestmark = pytest.mark.slow
OF_CRUFT = pytest.mark.expensive(reason="it depends on cruft, not on the template")

MADE = "{{cookiecutter.project_slug}}/"
OF_MODULE = "{% if cookiecutter.layout == 'module' %}NAME{% endif %}"
APP = MADE + OF_MODULE.replace("NAME", "{{cookiecutter.module_name}}.py")
TESTS = (
    MADE + "tests/" + OF_MODULE.replace("NAME", "test_{{cookiecutter.module_name}}.py")
)
# The last commit without conditions in file names.
BEFORE = "8a8d380106498f231ab545f549cb4c7d3e636a9e"
QUICK = {("module", "none"), ("package", "kubernetes")}
CRUFT = [sys.executable, "-m", "cruft"]


@dataclass
class Repository(Project):
    """A git repository, of the template or of a project."""

    def git(self, *arguments):
        """Run git in the folder and return its stripped output."""
        return run(["git", *arguments], self.folder).strip()

    def start(self):
        """Create the repository and commit all files."""
        self.git("init", "--quiet")
        self.commit()

    def commit(self):
        """Commit all changes."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "Change it")

    def write(self, path, text):
        """Write a file."""
        (self.folder / path).write_text(text, encoding="utf-8")

    def delete(self, path):
        """Delete a file."""
        (self.folder / path).unlink()

    def update(self):
        """Commit all changes, then apply updates of the template."""
        self.commit()
        run([*CRUFT, "update", "--skip-apply-ask"], self.folder)


@pytest.fixture
def template(git, home, tmp_path):
    """Return the Repository of a copy of the template."""
    repository = Repository(copy_template(tmp_path / "flask-hello"))
    repository.start()
    return repository


@pytest.fixture
def cruft_project(template, tmp_path):
    """Create the smallest project with cruft, commit it, and return its Repository."""
    create = [*CRUFT, "create", "--no-input", "--extra-context", json.dumps(SMALLEST)]
    run([*create, template.folder], tmp_path)
    repository = Repository(tmp_path / "hello")
    repository.start()
    return repository


def test_project_equals_that_of_cookiecutter(bake, cruft_project):
    created = bake(**SMALLEST)
    shutil.rmtree(cruft_project.folder / ".git")
    record = {".cruft.json": cruft_project.read(".cruft.json")}
    assert cruft_project.texts() == created.texts() | record


@OF_CRUFT
def test_template_commit_and_answers_are_recorded(bake, cruft_project, template):
    record = json.loads(cruft_project.read(".cruft.json"))
    assert record["template"] == str(template.folder)
    assert record["commit"] == template.git("rev-parse", "HEAD")
    answers = record["context"]["cookiecutter"]
    assert not {"_taken", "_files"} & {*answers}
    assert [answers[question] for question in ASKED] == [
        bake(**SMALLEST).answers[question] for question in ASKED
    ]


def test_new_project_is_up_to_date_without_a_diff(cruft_project):
    run([*CRUFT, "check"], cruft_project.folder)
    assert run([*CRUFT, "diff", "--exit-code"], cruft_project.folder) == ""


@pytest.mark.expensive(reason="it depends on cruft, not on the template")
def test_no_command_of_cookiecutter_is_shown(template, tmp_path):
    create = [*CRUFT, "create", "--no-input", template.folder]
    answers = ["--extra-context", '{"module_name": "flask"}']
    rejected = attempt([*create, *answers], tmp_path)
    assert rejected.stderr.startswith("ERROR: module_name 'flask' ")
    finished = attempt(create, tmp_path)
    assert finished.returncode == 0
    for printed in rejected, finished:
        assert "cookiecutter --no-input" not in printed.stdout + printed.stderr


def documented(words):
    """Return the only command of cruft in docs/updating.md that starts with ``words``."""
    page = (TEMPLATE / "docs" / "updating.md").read_text(encoding="utf-8")
    (command,) = re.findall(rf"uvx cruft ({words}[^`\n]*)", page)
    return shlex.split(command)


def test_project_is_linked_with_its_recorded_answers(bake, template, tmp_path):
    answers = {"full_name": "Zo\xeb \N{PARTY POPPER}", "project_slug": "zoe"}
    project = bake(**answers, server="gunicorn", layout="package").copy(
        tmp_path / "zoe"
    )
    *link, _ = documented("link --no-input --config-file [^ ]+ https")
    run([*CRUFT, *link, template.folder], project.folder)
    assert run([*CRUFT, "diff", "--exit-code"], project.folder) == ""


@OF_CRUFT
def test_project_linked_to_its_version_gets_later_changes(bake, template, tmp_path):
    *link, _ = documented("link --no-input --config-file [^ ]+ --checkout")
    template.git("tag", link[-1])
    project = Repository(bake(server="gunicorn").copy(tmp_path / "hello").folder)
    template.change(APP, 'return "Hello, World!"', 'return "Hello, Mars!"')
    template.commit()
    run([*CRUFT, *link, template.folder], project.folder)
    project.git("init", "--quiet")
    project.update()
    assert 'return "Hello, Mars!"' in project.read("hello.py")
    assert "gunicorn" in project.read("pyproject.toml")
    record = json.loads(project.read(".cruft.json"))["context"]["cookiecutter"]
    assert not {"_taken", "_files"} & {*record}


def test_update_applies_changes_and_keeps_edits(cruft_project, template):
    template.change(APP, 'return "Hello, World!"', 'return "Hello, Mars!"')
    template.write(MADE + "new.txt", "new")
    template.delete(MADE + ".flaskenv")
    template.commit()
    cruft_project.change("hello.py", "app = Flask(__name__)", "app = Flask('mine')")
    cruft_project.change("pyproject.toml", "A hello-world Flask service.", "Mine.")
    cruft_project.write("mine.txt", "mine")
    cruft_project.update()
    assert "app = Flask('mine')" in cruft_project.read("hello.py")
    assert 'return "Hello, Mars!"' in cruft_project.read("hello.py")
    assert '"Mine."' in cruft_project.read("pyproject.toml")
    assert cruft_project.read("mine.txt") == "mine"
    assert cruft_project.read("new.txt") == "new"
    assert ".flaskenv" not in cruft_project.files()
    run([*CRUFT, "check"], cruft_project.folder)


@OF_CRUFT
def test_update_leaves_a_conflict_to_the_owner(cruft_project, template):
    template.change(APP, 'return "Hello, World!"', 'return "Hello, Mars!"')
    template.commit()
    cruft_project.change("hello.py", 'return "Hello, World!"', 'return "Ahoy"')
    cruft_project.update()
    assert cruft_project.git("diff", "--name-only", "--diff-filter=U") == "hello.py"
    assert cruft_project.read("hello.py").endswith(
        "<<<<<<< ours\n"
        '    return "Ahoy"\n'
        "=======\n"
        '    return "Hello, Mars!"\n'
        ">>>>>>> theirs\n"
    )


@OF_CRUFT
def test_update_without_git_puts_a_conflict_beside_the_file(cruft_project, template):
    template.change(APP, 'return "Hello, World!"', 'return "Hello, Mars!"')
    template.commit()
    cruft_project.change("hello.py", 'return "Hello, World!"', 'return "Ahoy"')
    before = cruft_project.read("hello.py")
    shutil.rmtree(cruft_project.folder / ".git")
    run([*CRUFT, "update", "--skip-apply-ask"], cruft_project.folder)
    assert cruft_project.read("hello.py") == before
    assert '+    return "Hello, Mars!"' in cruft_project.read("hello.py.rej")


@OF_CRUFT
def test_update_keeps_a_file_of_the_owner_that_the_template_adds(
    cruft_project, template
):
    template.write(MADE + "both.txt", "theirs\n")
    template.commit()
    cruft_project.write("both.txt", "mine\n")
    cruft_project.update()
    assert "mine\n" in cruft_project.read("both.txt")


@OF_CRUFT
def test_update_keeps_a_changed_file_that_the_template_deletes(cruft_project, template):
    template.delete(MADE + ".flaskenv")
    template.commit()
    cruft_project.write(".flaskenv", "FLASK_APP=mine\n")
    cruft_project.update()
    assert cruft_project.read(".flaskenv") == "FLASK_APP=mine\n"


@OF_CRUFT
def test_update_does_not_restore_deleted_files(cruft_project, template):
    template.change(TESTS, "Hello, World!", "Hello, Mars!")
    template.commit()
    cruft_project.delete("tests/test_hello.py")
    cruft_project.update()
    assert "tests/test_hello.py" not in cruft_project.files()


@OF_CRUFT
def test_answer_can_be_changed_later(bake, cruft_project):
    cruft_project.change("hello.py", "app = Flask(__name__)", "app = Flask('mine')")
    cruft_project.commit()
    changed = with_holder({"license": "MIT"})
    answer = ["--variables-to-update", json.dumps(changed)]
    run([*CRUFT, "update", "--skip-apply-ask", *answer], cruft_project.folder)
    assert cruft_project.read("LICENSE") == bake(license="MIT").read("LICENSE")
    assert "app = Flask('mine')" in cruft_project.read("hello.py")


def test_update_that_the_hook_rejects_changes_nothing(cruft_project, template):
    template.change("cookiecutter.json", '"dotenv", ', '"dotenv", "hello", ')
    run([sys.executable, "-m", "dev.targets.schema"], template.folder)
    template.commit()
    result = attempt([*CRUFT, "update", "--skip-apply-ask"], cruft_project.folder)
    assert result.returncode == 1
    assert result.stderr.startswith(
        "ERROR: module_name 'hello' would shadow the hello "
    )
    assert cruft_project.git("status", "--short", "--ignored") == ""


def test_answer_that_a_newer_version_rejects_is_corrected(cruft_project, template):
    (command,) = re.findall(
        r"^uvx cruft (update --variables-to-update .+)$",
        (TEMPLATE / "docs" / "updating.md").read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    template.change("hooks/pre_gen_project.py", "PLACEHOLDER.lower()", "''")
    template.commit()
    nameless = json.dumps({"license": "MIT", "full_name": PLACEHOLDER})
    mit = ["--variables-to-update", nameless]
    run([*CRUFT, "update", "--skip-apply-ask", *mit], cruft_project.folder)
    cruft_project.commit()
    template.git("revert", "--no-edit", "HEAD")
    rejected = attempt([*CRUFT, "update", "--skip-apply-ask"], cruft_project.folder)
    assert rejected.stderr.startswith("ERROR: full_name ")
    assert cruft_project.git("status", "--short") == ""
    run([*CRUFT, *shlex.split(command), "--skip-apply-ask"], cruft_project.folder)
    assert " Ada Lovelace\n" in cruft_project.read("LICENSE")


TOKEN = "glpat-secret"  # noqa: S105


class PrivateFiles(SimpleHTTPRequestHandler):
    """Serve files to clients that send TOKEN, as GitLab does."""

    def do_GET(self):
        """Send a file, or status 401."""
        credentials = base64.b64encode(f"oauth2:{TOKEN}".encode()).decode()
        if self.headers["Authorization"] == f"Basic {credentials}":
            super().do_GET()
        else:
            self.send_response(401)
            self.send_header("WWW-Authenticate", 'Basic realm="GitLab"')
            self.send_header("Content-Length", "0")
            self.end_headers()

    def log_message(self, *arguments):
        """Log nothing."""


@pytest.fixture
def private_host(template, tmp_path):
    """Return the URL of a server with a private repository of the template."""
    folder = tmp_path / "host" / "platform"
    folder.mkdir(parents=True)
    run(["git", "clone", "--quiet", "--bare", template.folder, "flask-hello"], folder)
    run(["git", "update-server-info"], folder / "flask-hello")
    handler = partial(PrivateFiles, directory=str(folder.parent))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.skipif(WINDOWS, reason="this block is for bash")
@pytest.mark.parametrize("token", [TOKEN, pytest.param("wrong", marks=OF_CRUFT)])
def test_private_template_leaves_no_token_in_the_project(private_host, tmp_path, token):
    (block,) = [each for each in blocks_of("docs/updating.md") if "TOKEN" in each]
    block = block.replace("https://git.example.com", private_host)
    block = block.replace("uvx cruft", shlex.join(map(str, CRUFT)))
    configuration = str(tmp_path / "gitconfig")
    env = {"TOKEN": token, "GIT_CONFIG_GLOBAL": configuration}
    enter = "\n" * len(ASKED)
    result = attempt(in_bash(block), tmp_path, input=enter, env=env)
    assert (result.returncode == 0) == (token == TOKEN), result.stderr
    if token == TOKEN:
        project = Repository(tmp_path / "hello")
        record = json.loads(project.read(".cruft.json"))
        assert record["template"] == f"{private_host}/platform/flask-hello"
        assert not any(TOKEN in text for text in project.texts().values())
        run([*CRUFT, "check"], project.folder, env=env)
        assert TOKEN not in (tmp_path / "gitconfig").read_text(encoding="utf-8")


@pytest.fixture
def old_project(git, home, require, tmp_path):
    """Return a function that creates a project from BEFORE and updates the template.

    It accepts answers and returns the project's Repository, not updated yet.
    """
    archive = tmp_path / "before.zip"
    known = attempt(["git", "archive", "--output", archive, BEFORE], TEMPLATE)
    require(
        known.returncode == 0,
        "needs the history of the template: git fetch --unshallow",
    )

    def old_project(**answers):
        template = Repository(tmp_path / "flask-hello")
        shutil.unpack_archive(archive, template.folder)
        template.start()
        given = ["--extra-context", json.dumps(answers)]
        run([*CRUFT, "create", "--no-input", *given, template.folder], tmp_path)
        for path in template.folder.iterdir():
            if path.name != ".git":
                shutil.rmtree(path) if path.is_dir() else path.unlink()
        newest = copy_template(tmp_path / "newest")
        shutil.copytree(newest, template.folder, dirs_exist_ok=True)
        template.commit()
        project = Repository(tmp_path / "hello", answers)
        project.start()
        return project

    return old_project


def edit_as_owners_do(project):
    """Edit files of ``project``; return the added lines, by path."""
    app = project.view.relative_to(project.folder).as_posix()
    edits = {
        ".gitignore": ("/.venv/", "/.venv/\n/notes/"),
        "README.md": ("## Run it", "Ours: ask Ada.\n\n## Run it"),
        "pyproject.toml": (
            '    "flask>=3.1,<4",',
            '    "flask>=3.1,<4",\n    "idna>=3",',
        ),
        app: ("from flask import", "# Ours.\nfrom flask import"),
    }
    if project.answers["deploy"] != "none":
        edits["compose.yaml"] = ("mem_limit: 256m", "mem_limit: 999m")
    if project.answers["deploy"] == "kubernetes":
        edits["kubernetes/service.yaml"] = ("spec:", "# Ours.\nspec:")
    for path, (old, new) in edits.items():
        project.change(path, old, new)
    return {
        path: set(new.split("\n")) - set(old.split("\n"))
        for path, (old, new) in edits.items()
    }


# The service is younger than conditional file names.
OLD_LAYOUTS = sorted({*CHOICES["layout"]} - {"service"})
OLD_PROJECTS = [
    pytest.param(
        {"layout": layout, "deploy": deploy},
        id=f"{layout}-{deploy}",
        marks=[]
        if (layout, deploy) in QUICK
        else pytest.mark.expensive(reason="each layout has a quick one"),
    )
    for layout, deploy in product(OLD_LAYOUTS, CHOICES["deploy"])
]


@pytest.mark.parametrize("answers", OLD_PROJECTS)
def test_project_older_than_conditional_file_names_is_updated(old_project, answers):
    project = old_project(**answers, module_name="hello")
    added = edit_as_owners_do(project)
    own = {"notes.txt", "kubernetes/ours.yaml", "src/_/ours.py", "LICENSE"}
    if answers["deploy"] == "none":
        own |= {"Dockerfile", "compose.yaml"}
    for path in own:
        (project.folder / path).parent.mkdir(parents=True, exist_ok=True)
        project.write(path, "ours\n")
    project.delete(".flaskenv")
    project.update()
    files = project.files()
    assert all(project.read(path) == "ours\n" for path in own)
    assert ".flaskenv" not in files
    for path, lines in added.items():
        assert all(line in project.read(path) for line in lines), path
    record = json.loads(project.read(".cruft.json"))
    assert "email" not in record["context"]["cookiecutter"]
    conflicts = set(project.git("diff", "--name-only", "--diff-filter=U").split())
    rejected = {path.removesuffix(".rej") for path in files if path.endswith(".rej")}
    assert conflicts | rejected <= set(added)
    run([*CRUFT, "check"], project.folder)

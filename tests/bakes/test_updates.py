"""Cruft updates projects to a newer template and keeps their owners' changes.

https://cruft.github.io/cruft/
"""

import json
import re
import shlex
import shutil
import sys
from dataclasses import dataclass

import pytest
from werkzeug import Response

from dev.commands import WINDOWS, attempt, run
from dev.projects import Project, commit_all, copy_template
from dev.readmes import blocks_of, in_bash
from dev.variants import ASKED, SMALLEST, TEMPLATE, with_holder
from hooks.pre_gen_project import PLACEHOLDER

pytestmark = pytest.mark.slow
OF_CRUFT = pytest.mark.expensive(reason="it depends on cruft, not on the template")

MADE = "{{cookiecutter.project_slug}}/"
OF_MODULE = "{% if cookiecutter.layout == 'module' %}NAME{% endif %}"
APP = MADE + OF_MODULE.replace("NAME", "{{cookiecutter.module_name}}.py")
TESTS = (
    MADE + "tests/" + OF_MODULE.replace("NAME", "test_{{cookiecutter.module_name}}.py")
)
CRUFT = [sys.executable, "-m", "cruft"]


@dataclass
class Repository(Project):
    """A git repository, of the template or of a project."""

    def git(self, *arguments):
        """Run git in the folder and return its stripped output."""
        return run(["git", *arguments], self.folder).strip()

    def commit(self):
        """Commit all changes."""
        commit_all(self.folder)

    def update(self):
        """Commit all changes, then apply updates of the template."""
        self.commit()
        run([*CRUFT, "update", "--skip-apply-ask"], self.folder)


@pytest.fixture
def template(git, home, tmp_path):
    """Return the Repository of a copy of the template."""
    repository = Repository(copy_template(tmp_path / "flask-hello"))
    repository.commit()
    return repository


@pytest.fixture
def cruft_project(template, tmp_path):
    """Create the smallest project with cruft, commit it, and return its Repository."""
    create = [*CRUFT, "create", "--no-input", "--extra-context", json.dumps(SMALLEST)]
    run([*create, template.folder], tmp_path)
    repository = Repository(tmp_path / "hello")
    repository.commit()
    return repository


def test_new_project_is_that_of_cookiecutter_with_a_record(
    bake, cruft_project, template
):
    run([*CRUFT, "check"], cruft_project.folder)
    assert run([*CRUFT, "diff", "--exit-code"], cruft_project.folder) == ""
    shutil.rmtree(cruft_project.folder / ".git")
    texts = cruft_project.texts()
    record = json.loads(texts.pop(".cruft.json"))
    created = bake(**SMALLEST)
    assert texts == created.texts()
    assert record["template"] == str(template.folder)
    assert record["commit"] == template.git("rev-parse", "HEAD")
    answers = record["context"]["cookiecutter"]
    assert not {"_taken", "_files"} & {*answers}
    assert answers.items() >= {each: created.answers[each] for each in ASKED}.items()


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
    change_greeting(template)
    template.commit()
    run([*CRUFT, *link, template.folder], project.folder)
    project.update()
    assert 'return "Hello, Mars!"' in project.read("hello.py")
    assert "gunicorn" in project.read("pyproject.toml")
    record = json.loads(project.read(".cruft.json"))["context"]["cookiecutter"]
    assert not {"_taken", "_files"} & {*record}


def change_greeting(template):
    """Change the greeting of ``template``, in its module and in the test of that."""
    template.change(APP, 'return "Hello, World!"', 'return "Hello, Mars!"')
    template.change(TESTS, "Hello, World!", "Hello, Mars!")


def test_update_applies_changes_and_keeps_those_of_the_owner(cruft_project, template):
    change_greeting(template)
    (template.folder / MADE / "new.txt").write_text("new")
    (template.folder / MADE / ".flaskenv").unlink()
    template.commit()
    cruft_project.change("hello.py", "app = Flask(__name__)", "app = Flask('mine')")
    cruft_project.change("pyproject.toml", "A hello-world Flask service.", "Mine.")
    (cruft_project.folder / "mine.txt").write_text("mine")
    (cruft_project.folder / "tests/test_hello.py").unlink()
    cruft_project.update()
    assert "app = Flask('mine')" in cruft_project.read("hello.py")
    assert 'return "Hello, Mars!"' in cruft_project.read("hello.py")
    assert '"Mine."' in cruft_project.read("pyproject.toml")
    assert cruft_project.read("mine.txt") == "mine"
    assert cruft_project.read("new.txt") == "new"
    assert not {".flaskenv", "tests/test_hello.py"} & cruft_project.files()
    run([*CRUFT, "check"], cruft_project.folder)


@OF_CRUFT
def test_update_leaves_a_conflict_to_the_owner(cruft_project, template):
    change_greeting(template)
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
@pytest.mark.parametrize("has_git", [True, False])
def test_change_that_git_cannot_merge_is_put_beside_the_file(
    cruft_project, template, has_git
):
    change_greeting(template)
    (template.folder / MADE / "both.txt").write_text("theirs\n")
    (template.folder / MADE / ".flaskenv").unlink()
    template.commit()
    cruft_project.change("hello.py", 'return "Hello, World!"', 'return "Ahoy"')
    (cruft_project.folder / "both.txt").write_text("mine\n")
    (cruft_project.folder / ".flaskenv").write_text("FLASK_APP=mine\n")
    cruft_project.commit()
    if not has_git:
        shutil.rmtree(cruft_project.folder / ".git")
    kept = ("hello.py", "both.txt", ".flaskenv")
    before = [cruft_project.read(path) for path in kept]
    run([*CRUFT, "update", "--skip-apply-ask"], cruft_project.folder)
    assert [cruft_project.read(path) for path in kept] == before
    assert '+    return "Hello, Mars!"' in cruft_project.read("hello.py.rej")


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
    template.change("cookiecutter.json", '  "_files"', '  "color": "red",\n  "_files"')
    template.commit()
    nameless = json.dumps({"license": "MIT", "full_name": PLACEHOLDER})
    mit = ["--variables-to-update", nameless]
    run([*CRUFT, "update", "--skip-apply-ask", *mit], cruft_project.folder)
    cruft_project.commit()
    assert '"color": "red"' in cruft_project.read(".cruft.json")
    template.git("revert", "--no-edit", "HEAD")
    rejected = attempt([*CRUFT, "update", "--skip-apply-ask"], cruft_project.folder)
    assert rejected.stderr.startswith("ERROR: full_name ")
    assert cruft_project.git("status", "--short") == ""
    run([*CRUFT, *shlex.split(command), "--skip-apply-ask"], cruft_project.folder)
    assert " Ada Lovelace\n" in cruft_project.read("LICENSE")
    assert '"color"' not in cruft_project.read(".cruft.json")


TOKEN = "glpat-secret"  # noqa: S105


@pytest.fixture
def private_host(httpserver, template, tmp_path):
    """Return the URL of a server with a private repository of the template.

    Clients must send TOKEN, as to GitLab.
    """
    folder = tmp_path / "host" / "platform"
    folder.mkdir(parents=True)
    run(["git", "clone", "--quiet", "--bare", template.folder, "flask-hello"], folder)
    run(["git", "update-server-info"], folder / "flask-hello")

    def answer(request):
        given = request.authorization
        if not given or (given.username, given.password) != ("oauth2", TOKEN):
            realm = {"WWW-Authenticate": 'Basic realm="GitLab"'}
            return Response(status=401, headers=realm)
        file = folder.parent / request.path[1:]
        return Response(file.read_bytes()) if file.is_file() else Response(status=404)

    httpserver.expect_request(re.compile("/")).respond_with_handler(answer)
    return httpserver.url_for("").rstrip("/")


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

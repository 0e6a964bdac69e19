"""Projects made with cruft follow the template, and keep what their owners did.

https://cruft.github.io/cruft/
"""

import json
import shutil
import sys
from dataclasses import dataclass

import pytest
from baking import ASKED, Project, attempt, copy_template, run

pytestmark = pytest.mark.slow

MADE = "{{cookiecutter.project_slug}}/"
APP = MADE + "{{cookiecutter.module_name}}.py"
TESTS = MADE + "tests/test_{{cookiecutter.module_name}}.py"
CRUFT = [sys.executable, "-m", "cruft"]


@dataclass
class Repository(Project):
    """A folder under git, the template's or a project's."""

    def git(self, *arguments):
        """Run git in it and return what it prints."""
        return run(["git", *arguments], self.folder).strip()

    def start(self):
        """Put it under git with all its files."""
        self.git("init", "--quiet")
        self.commit()

    def commit(self):
        """Record all that has changed in it."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "Change it")

    def write(self, path, text):
        """Write a file."""
        (self.folder / path).write_text(text, encoding="utf-8")

    def delete(self, path):
        """Delete a file."""
        (self.folder / path).unlink()

    def update(self):
        """Take over what is new in the template, as its owner would."""
        self.commit()
        run([*CRUFT, "update", "--skip-apply-ask"], self.folder)


@pytest.fixture
def template(git, home, tmp_path):
    """Put a copy of the template under git and return the Repository."""
    repository = Repository(copy_template(tmp_path / "flask-hello"))
    repository.start()
    return repository


@pytest.fixture
def project(template, tmp_path):
    """Make a project with cruft, put it under git and return the Repository."""
    run([*CRUFT, "create", "--no-input", template.folder], tmp_path)
    repository = Repository(tmp_path / "hello")
    repository.start()
    return repository


def test_project_is_the_one_that_cookiecutter_makes(bake, project):
    made = bake()
    shutil.rmtree(project.folder / ".git")
    record = {".cruft.json": project.read(".cruft.json")}
    assert project.texts() == made.texts() | record


def test_template_and_commit_and_answers_are_recorded(bake, project, template):
    record = json.loads(project.read(".cruft.json"))
    assert record["template"] == str(template.folder)
    assert record["commit"] == template.git("rev-parse", "HEAD")
    answers = record["context"]["cookiecutter"]
    assert [answers[question] for question in ASKED] == [
        bake().answers[question] for question in ASKED
    ]


def test_new_project_is_up_to_date_and_differs_in_nothing(project):
    run([*CRUFT, "check"], project.folder)
    assert run([*CRUFT, "diff", "--exit-code"], project.folder) == ""


def test_project_made_without_cruft_is_linked_later(bake, template, tmp_path):
    project = bake(server="gunicorn").copy(tmp_path / "hello")
    answers = json.dumps({question: project.answers[question] for question in ASKED})
    link = ["link", "--no-input", "--extra-context", answers, template.folder]
    run([*CRUFT, *link], project.folder)
    assert run([*CRUFT, "diff", "--exit-code"], project.folder) == ""


def test_update_brings_what_is_new_and_keeps_what_is_changed(project, template):
    template.change(APP, 'return "Hello, World!"', 'return "Hello, Mars!"')
    template.write(MADE + "new.txt", "new")
    template.delete(MADE + ".flaskenv")
    template.commit()
    project.change("hello.py", "app = Flask(__name__)", "app = Flask('mine')")
    project.change("pyproject.toml", "A hello-world Flask service.", "Mine.")
    project.write("mine.txt", "mine")
    project.update()
    assert "app = Flask('mine')" in project.read("hello.py")
    assert 'return "Hello, Mars!"' in project.read("hello.py")
    assert '"Mine."' in project.read("pyproject.toml")
    assert project.read("mine.txt") == "mine"
    assert project.read("new.txt") == "new"
    assert ".flaskenv" not in project.files()
    run([*CRUFT, "check"], project.folder)


def test_update_leaves_a_conflict_to_the_owner(project, template):
    template.change(APP, 'return "Hello, World!"', 'return "Hello, Mars!"')
    template.commit()
    project.change("hello.py", 'return "Hello, World!"', 'return "Ahoy"')
    project.update()
    assert project.git("diff", "--name-only", "--diff-filter=U") == "hello.py"
    assert project.read("hello.py").endswith(
        "<<<<<<< ours\n"
        '    return "Ahoy"\n'
        "=======\n"
        '    return "Hello, Mars!"\n'
        ">>>>>>> theirs\n"
    )


def test_update_without_git_puts_a_conflict_beside_the_file(project, template):
    template.change(APP, 'return "Hello, World!"', 'return "Hello, Mars!"')
    template.commit()
    project.change("hello.py", 'return "Hello, World!"', 'return "Ahoy"')
    before = project.read("hello.py")
    shutil.rmtree(project.folder / ".git")
    run([*CRUFT, "update", "--skip-apply-ask"], project.folder)
    assert project.read("hello.py") == before
    assert '+    return "Hello, Mars!"' in project.read("hello.py.rej")


def test_update_keeps_a_file_of_the_owner_that_the_template_adds(project, template):
    template.write(MADE + "both.txt", "theirs\n")
    template.commit()
    project.write("both.txt", "mine\n")
    project.update()
    assert "mine\n" in project.read("both.txt")


def test_update_keeps_a_changed_file_that_the_template_deletes(project, template):
    template.delete(MADE + ".flaskenv")
    template.commit()
    project.write(".flaskenv", "FLASK_APP=mine\n")
    project.update()
    assert project.read(".flaskenv") == "FLASK_APP=mine\n"


def test_update_does_not_bring_back_what_the_owner_deleted(project, template):
    template.change(TESTS, "Hello, World!", "Hello, Mars!")
    template.commit()
    project.delete("tests/test_hello.py")
    project.update()
    assert "tests/test_hello.py" not in project.files()


def test_answer_can_be_changed_later(bake, project):
    project.change("hello.py", "app = Flask(__name__)", "app = Flask('mine')")
    project.commit()
    answer = ["--variables-to-update", '{"license": "MIT"}']
    run([*CRUFT, "update", "--skip-apply-ask", *answer], project.folder)
    assert project.read("LICENSE") == bake(license="MIT").read("LICENSE")
    assert "app = Flask('mine')" in project.read("hello.py")


def test_update_that_the_hook_refuses_changes_nothing(project, template):
    template.change("hooks/pre_gen_project.py", '"blinker",', '"blinker", "hello": "",')
    template.commit()
    ended = attempt([*CRUFT, "update", "--skip-apply-ask"], project.folder)
    assert ended.returncode == 1
    assert ended.stderr.startswith("ERROR: module_name 'hello' would hide the hello ")
    assert project.git("status", "--short", "--ignored") == ""

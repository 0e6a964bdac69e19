"""Projects contain the answers."""

import datetime
import json
import re
import tomllib

import pytest

from dev.values import ADDRESS, OLDEST_PYTHON, VERSION
from dev.variants import ASKED, CHOICES, SMALLEST


def test_metadata_contains_the_answers(every_project):
    metadata = tomllib.loads(every_project.read("pyproject.toml"))
    answers = every_project.answers
    assert metadata["project"]["name"] == answers["project_slug"]
    assert metadata["project"]["requires-python"] == f">={OLDEST_PYTHON}"
    assert metadata["project"].get("license", "none") == answers["license"]
    assert ("license-files" in metadata["project"]) == (answers["license"] != "none")


def test_template_version_and_answers_are_recorded(every_project):
    recorded = json.loads(every_project.read(".flask-hello.json"))
    assert recorded == {
        "template": ADDRESS,
        "version": VERSION,
        "default_context": {each: every_project.answers[each] for each in ASKED},
    }


def test_flit_gets_the_module_name_when_it_differs(every_project):
    table = tomllib.loads(every_project.read("pyproject.toml"))["tool"].get("flit")
    like_the_project = every_project.name == every_project.answers[
        "project_slug"
    ].replace("-", "_")
    assert table == (
        None if like_the_project else {"module": {"name": every_project.name}}
    )


def test_every_dependency_has_a_floor_and_a_ceiling(every_project):
    metadata = tomllib.loads(every_project.read("pyproject.toml"))
    requirements = [
        *metadata["project"]["dependencies"],
        *metadata["dependency-groups"]["dev"],
        *metadata["build-system"]["requires"],
    ]
    for requirement in requirements:
        assert re.fullmatch(
            r"[a-z_-]+(\[binary\])?>=\d+(\.\d+)*,<\d+(\.\d+)*", requirement
        )


def test_flaskenv_names_the_app(every_project):
    assert every_project.read(".flaskenv") == f"FLASK_APP={every_project.name}\n"


@pytest.mark.parametrize("question", ASKED)
def test_every_answer_changes_the_project(bake, question):
    if question in CHOICES:
        answers = CHOICES[question]
    else:
        answers = {
            "project_slug": ["one", "two"],
            "module_name": ["one", "two"],
        }.get(question, ["One", "Two"])
    fixed = {"project_slug": "hello", "module_name": "hello"}
    projects = [bake(**(fixed | {question: answer})) for answer in answers]
    outputs = {
        (
            project.folder.name,
            *((path, project.read(path)) for path in sorted(project.files())),
        )
        for project in projects
    }
    assert len(outputs) == len(answers)


@pytest.mark.parametrize(
    ("license_", "first", "last"),
    [
        ("MIT", "MIT License", "SOFTWARE."),
        ("BSD-3-Clause", "BSD 3-Clause License", "DAMAGE."),
        ("Apache-2.0", "Apache License", "limitations under the License."),
    ],
)
def test_license_has_its_text_year_and_holder(bake, license_, first, last):
    text = bake(license=license_, full_name="Ada Lovelace").read("LICENSE")
    year = datetime.datetime.now(datetime.UTC).year
    assert text.split("\n")[0].strip() == first
    assert text.rstrip().endswith(last)
    assert re.search(rf"Copyright (\(c\) )?{year},? Ada Lovelace\n", text)


def test_smallest_app_is_the_quickstart(bake):
    assert bake(**SMALLEST).read("hello.py") == (
        "from flask import Flask\n"
        "\n"
        "app = Flask(__name__)\n"
        "\n"
        "\n"
        '@app.route("/")\n'
        "def hello_world() -> str:\n"
        '    return "Hello, World!"\n'
    )

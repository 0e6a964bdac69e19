"""Every supported cookiecutter creates the same files; older ones are rejected."""

import json
import sys
from functools import cache

import pytest

from dev.commands import SCRIPTS, attempt, run
from dev.projects import Project
from dev.variants import COVERING, FULLEST, NAMES, TEMPLATE, name_of
from hooks.pre_gen_project import OLDEST_COOKIECUTTER

pytestmark = pytest.mark.usefixtures("home")
OF_COOKIECUTTER = pytest.mark.expensive(
    reason="it depends on cookiecutter, not on the template"
)
OLDEST = f"{OLDEST_COOKIECUTTER}.0"
PROGRAM = """
import json, sys
from cookiecutter.main import cookiecutter
template, output, variants, accept_hooks = json.load(sys.stdin)
for folder, answers in variants.items():
    cookiecutter(
        template,
        accept_hooks=accept_hooks,
        default_config=True,
        extra_context=answers,
        no_input=True,
        output_dir=f"{output}/{folder}",
    )
"""


@pytest.fixture(scope="module")
def python_with(tmp_path_factory):
    """Return a function that installs a cookiecutter and returns its Python."""

    @cache
    def python_with(version):
        folder = tmp_path_factory.mktemp("cookiecutter") / ".venv"
        create = ["uv", "venv", "--quiet", "--python", sys.executable, folder]
        run(create, folder.parent)
        # Releases before 2.2 import pkg_resources.
        packages = [f"cookiecutter=={version}", "setuptools<81"]
        install = ["uv", "pip", "install", "--quiet", "--python", folder, *packages]
        run(install, folder.parent)
        return folder / SCRIPTS / "python"

    return python_with


@pytest.mark.slow
@OF_COOKIECUTTER
@pytest.mark.parametrize("accept_hooks", [True, False])
def test_oldest_cookiecutter_creates_the_same_files(
    bake, python_with, tmp_path, accept_hooks
):
    variants = {name_of(each): {**NAMES["usual"], **each} for each in COVERING}
    variants |= {title: {"project_name": title} for title in ("Calendar", "Flask")}
    arguments = json.dumps([str(TEMPLATE), str(tmp_path), variants, accept_hooks])
    run([python_with(OLDEST), "-c", PROGRAM], tmp_path, input=arguments)
    for name, answers in variants.items():
        project = bake(**answers)
        created = Project(tmp_path / name / project.folder.name)
        assert created.texts() == project.texts(), name


@pytest.mark.slow
@OF_COOKIECUTTER
def test_oldest_cookiecutter_can_reject_a_wrong_choice(python_with, tmp_path):
    (tmp_path / "acme.yaml").write_text("default_context: {layout: NOPE}")
    options = ["--no-input", "--config-file", "acme.yaml"]
    bake = [python_with(OLDEST), "-m", "cookiecutter", *options, TEMPLATE]
    error = {"PYTHONWARNINGS": "error:Invalid default"}
    result = attempt(bake, tmp_path, env=error)
    assert result.returncode == 1
    assert "NOPE provided for choice variable layout" in result.stderr
    assert not (tmp_path / "hello").exists()


@pytest.mark.slow
@OF_COOKIECUTTER
@pytest.mark.parametrize("version", [OLDEST, "2.6.0"])
def test_older_cookiecutter_bakes_from_a_record(bake, python_with, tmp_path, version):
    texts = {
        "project_name": "Caf\xe9 \\ 'x' $y",
        "full_name": "Zo\xeb \N{PARTY POPPER}",
    }
    project = bake(**texts, project_slug="cafe", **FULLEST)
    record = ["--no-input", "--config-file", project.folder / ".flask-hello.json"]
    run([python_with(version), "-m", "cookiecutter", *record, TEMPLATE], tmp_path)
    assert Project(tmp_path / "cafe").texts() == project.texts()


@pytest.mark.slow
@OF_COOKIECUTTER
@pytest.mark.parametrize("version", ["1.7.3", "2.1.1"])
def test_older_cookiecutter_is_rejected_in_one_line(python_with, tmp_path, version):
    bake = [python_with(version), "-m", "cookiecutter", "--no-input", TEMPLATE]
    result = attempt(bake, tmp_path / "home")
    assert result.returncode == 1
    first = result.stderr.splitlines()[0]
    assert first.startswith("ERROR: ")
    assert f" {OLDEST_COOKIECUTTER} or newer" in first
    assert not (tmp_path / "home" / "hello").exists()


def test_readme_names_the_oldest_cookiecutter():
    readme = (TEMPLATE / "README.md").read_text(encoding="utf-8")
    assert f"cookiecutter {OLDEST_COOKIECUTTER} or newer" in " ".join(readme.split())

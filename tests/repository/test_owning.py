"""Every value that an owner changes is in one place, or the same in all places."""

import json
import re
import sys

import pytest
import yaml

from dev import pythons
from dev.commands import attempt, run
from dev.linters import lint
from dev.projects import Project, copy_template
from dev.readmes import blocks, section
from dev.targets.address import clone_address, why_not
from dev.targets.release import VERSIONS, with_version
from dev.values import (
    ADDRESS,
    AUTHOR,
    BASE_IMAGE,
    DATABASE_IMAGE,
    HOLDER,
    NEWEST_PYTHON,
    OF_PROJECTS,
    OLDEST_PYTHON,
    REGISTRY,
)
from dev.variants import ASKED, CHOICES, QUESTIONS, TEMPLATE

PICTURES = ("*.png", "*.svg")
TEXTS = [
    *TEMPLATE.glob("*.md"),
    *TEMPLATE.glob("docs/*.md"),
    *TEMPLATE.glob(f"{OF_PROJECTS}/*.md"),
]
FILES = [
    path
    for folder in (".github", "docs", "hooks", "templates", OF_PROJECTS)
    for path in TEMPLATE.joinpath(folder).rglob("*")
    if path.is_file() and "__pycache__" not in path.parts and path.suffix != ".png"
]


def captured(pattern, files):
    """Return all captures of ``pattern`` in ``files``; raise AssertionError if none."""
    texts = [file.read_text(encoding="utf-8") for file in files]
    found = [each for text in texts for each in re.findall(pattern, text)]
    assert found, pattern
    return found


def files(*patterns):
    """Return the files of the template that match the globs; assert that all match."""
    found = [path for each in patterns for path in TEMPLATE.glob(each)]
    assert len(found) >= len(patterns)
    return found


def test_every_text_has_the_address_that_projects_record():
    options = r"(?:--[\w-]+(?: [\w./-]+\.\w+)? )*"
    address = r"((?:[\w+]+:|\w+@)[^\s`]+)"
    bakes = captured(rf"\bcookiecutter {options}{address}", TEXTS)
    assert set(bakes) == {ADDRESS}
    clones = captured(rf"\bcruft (?:create|link) {options}{address}", TEXTS)
    private = "https://git.example.com/platform/flask-hello"
    assert set(clones) == {clone_address(ADDRESS), private}


def addresses_in(texts):
    """Return the paths of those ``texts`` of a copy with the address of the original."""
    old = {ADDRESS, clone_address(ADDRESS)}
    return [
        path
        for path, text in texts.items()
        if path.endswith((".json", ".md")) and any(each in text for each in old)
    ]


def change_address(folder, address):
    """Change the address of the copy in ``folder``; return the completed process."""
    change = [sys.executable, "-B", "-m", "dev.targets.address", address]
    return attempt(change, folder)


@pytest.mark.parametrize(
    ("address", "clone"),
    [
        ("gh:acme/flask-service", "https://github.com/acme/flask-service"),
        ("gl:acme/sub/flask-service", "https://gitlab.com/acme/sub/flask-service"),
        ("git@git.acme.example:platform/flask-service.git", None),
        ("ssh://git@git.acme.example:2222/platform/flask-service.git", None),
        ("https://git.acme.example/platform/flask-service", None),
    ],
)
def test_address_on_any_host_is_changed_in_one_place(tmp_path, address, clone):
    copy = Project(copy_template(tmp_path / "copy", *PICTURES))
    before = copy.texts()
    assert addresses_in(before)
    assert change_address(copy.folder, address).returncode == 0
    assert addresses_in(copy.texts()) == []
    for_cruft = clone or address
    # An address that served cruft too is replaced by one that does.
    has_two_forms = clone_address(ADDRESS) != ADDRESS
    shown = address if has_two_forms else for_cruft
    assert f"uvx cookiecutter {shown}\n" in copy.read("README.md")
    assert f"`uvx cruft create {for_cruft}`" in copy.read("docs/updating.md")
    (record,) = copy.folder.glob("*cookiecutter*/.flask-hello.json")
    assert f'"template": "{shown}"' in record.read_text(encoding="utf-8")
    assert change_address(copy.folder, ADDRESS).returncode == 0
    if clone or not has_two_forms:
        assert copy.texts() == before


@pytest.mark.parametrize(
    "address",
    [
        "",
        "flask-hello",
        "../flask-hello",
        "C:/flask-hello",
        "acme:flask-hello",
        "gh:two words",
        "https://ada:secret@git.acme.example/x",
        "https://token@git.acme.example/x",
        "gh:acme/$x",
        "gh:acme/`x`",
        'gh:acme/"x"',
        "gh:acme/é",
        "--help:x",
    ],
)
def test_address_that_a_file_could_not_hold_is_rejected(address):
    assert why_not(address)


def test_rejected_address_changes_nothing(tmp_path):
    copy = Project(copy_template(tmp_path / "copy", *PICTURES))
    before = copy.texts()
    result = change_address(copy.folder, "https://ada:secret@git.acme.example/x")
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("ERROR: address 'https://ada:secret@git.acme.example/x' ")
    assert copy.texts() == before


def test_every_default_is_the_same():
    rows = captured(r"(?m)^\| `(\w+)` \| `([^`]+)` \|", files("README.md"))
    assert dict(rows) == {
        question: CHOICES.get(question, [QUESTIONS[question]])[0]
        for question in ASKED
        if "{%" not in str(QUESTIONS[question])  # It follows from another.
    }


def test_every_base_image_is_the_same():
    dockerfile = files(f"{OF_PROJECTS}/*Dockerfile*")
    assert captured(r"(?m)^FROM (\S+)", dockerfile) == [BASE_IMAGE] * 2
    gitlab = files(f"{OF_PROJECTS}/*.gitlab-ci.yml*")
    images = captured(r"(?m)^  image: ([^$\n]*)$", gitlab)
    assert BASE_IMAGE in images
    assert all(image == BASE_IMAGE or "/docker:" in image for image in images)
    pulled = captured(r"podman pull (.+)", files(".github/workflows/ci.yml"))
    assert pulled == [f"{BASE_IMAGE} {DATABASE_IMAGE}"]


def test_every_postgresql_is_the_same():
    written = files(f"{OF_PROJECTS}/*.y*", f"{OF_PROJECTS}/.github/*/*ci.y*")
    named = captured(r"(docker.io/\S+/postgres:\S+)", written)
    assert named == [DATABASE_IMAGE] * 3


def test_every_registry_is_the_same():
    texts = files(f"{OF_PROJECTS}/kubernetes/*", "templates/deploy/kubernetes.md")
    assert set(captured(r"([\w-]+\.[\w.-]+)/\{\{", texts)) == {REGISTRY}


def test_every_oldest_and_newest_python_is_the_same():
    ends = f'"{OLDEST_PYTHON}", "{NEWEST_PYTHON}"'
    pipelines = [f"{OF_PROJECTS}/*.gitlab-ci.yml*", f"{OF_PROJECTS}/.github/*/*ci.yml*"]
    matrices = files(".github/workflows/ci.yml", *pipelines)
    assert set(captured(r"(?i)python: \[(.+)\]", matrices)) == {ends}
    metadata = files("pyproject.toml", f"{OF_PROJECTS}/pyproject.toml")
    required = captured(r'requires-python = ">=(.+)"', metadata)
    assert required == [OLDEST_PYTHON] * 2
    oldest = r"Python\s+(3\.\d+)(?: with venv| or\s+newer)"
    assert set(captured(oldest, TEXTS)) == {OLDEST_PYTHON}
    installed = captured(r"uv python install ((?:3\.\d+ ?)+)", [*TEXTS, *FILES])
    assert {each.strip() for each in installed} == {" ".join(pythons.SUPPORTED)}


def test_page_is_published_on_gitlab_as_by_our_workflow(tmp_path):
    text = (TEMPLATE / "docs" / "owning.md").read_text(encoding="utf-8")
    (job,) = blocks(section(text, "Show every project"), "yaml")
    lint(".gitlab-ci.yml", job, tmp_path)
    write, folder, move = yaml.safe_load(job)["pages"]["script"]
    release = yaml.safe_load((TEMPLATE / ".github/workflows/release.yml").read_text())
    steps = release["jobs"]["preview"]["steps"]
    ours = "\n".join(step.get("run", "") for step in steps)
    for command in (write, f"{folder} && {move}"):
        same = command.replace("CI_COMMIT_TAG", "GITHUB_REF_NAME")
        assert same.replace(" public", " build/site") in ours


def replace_values(template, values, *globs):
    """Replace the keys of ``values`` with their values in files of ``template``."""
    for glob in globs:
        for path in template.folder.glob(glob):
            if path.is_dir() or f"*{path.suffix}" in PICTURES:
                continue
            text = template.read(path)
            for old, new in values.items():
                text = text.replace(old, new)
            path.write_text(text, encoding="utf-8", newline="")


def change_defaults(copy):
    """Make the last choice the default of its question."""
    for question, choices in CHOICES.items():
        turned = [choices[-1], *choices[:-1]]
        old, new = (f'"{question}": {json.dumps(each)}' for each in (choices, turned))
        replace_values(copy, {old: new}, "cookiecutter.json")
        old, new = (f"| `{question}` | `{each[0]}` |" for each in (choices, turned))
        replace_values(copy, {old: new}, "README.md")


@pytest.mark.slow
@pytest.mark.expensive(reason="it repeats the fast tests")
def test_copy_with_values_of_a_company_and_new_pins_passes_the_fast_tests(
    api, tmp_path, program
):
    program("make")
    copy = Project(copy_template(tmp_path / "flask-service"))
    documents = ["*.md", "docs/*.md", "templates/**/*.md"]
    everywhere = [*documents, ".github/**/*", f"{OF_PROJECTS}/**/*"]
    minor = int(OLDEST_PYTHON.partition(".")[2])
    company = {
        BASE_IMAGE: "registry.acme.example/python:3.13",
        f"Python {OLDEST_PYTHON}": f"Python 3.{minor + 1}",
        f"\n{OLDEST_PYTHON} with venv": f"\n3.{minor + 1} with venv",
        f'"{OLDEST_PYTHON}", ': f'"3.{minor + 1}", ',
        f'requires-python = ">={OLDEST_PYTHON}"': f'requires-python = ">=3.{minor + 1}"',
        f"install {OLDEST_PYTHON} ": "install ",
        f'"{NEWEST_PYTHON}"]': '"3.14"]',
        f" {NEWEST_PYTHON}\n": "\n",
        f" {NEWEST_PYTHON}`": "`",
        f"`{AUTHOR}`": "`ACME Ltd`",
        REGISTRY: "registry.acme.example",
    }
    default = {f'"full_name": "{AUTHOR}"': '"full_name": "ACME Ltd"'}
    replace_values(copy, default, "cookiecutter.json")
    change_defaults(copy)
    for target in ("dev.targets.schema", "dev.targets.hello"):
        run([sys.executable, "-m", target], copy.folder)
    renew = ["make", "actions", "pins"]
    run(renew, copy.folder, env={"GITHUB_API_URL": api({"tag_name": "v98.0.1"})})
    # From here on, this Python can be too old for projects of the copy.
    replace_values(copy, company, *everywhere, "pyproject.toml", "docs/owning.md")
    change_address(copy.folder, "git@git.acme.example:team/flask-service.git")
    replace_values(copy, {HOLDER: "ACME Ltd"}, "LICENSE")
    for path in VERSIONS:
        text = with_version(copy.folder, path, "7.8.9")
        (copy.folder / path).write_text(text, encoding="utf-8")
    assert copy.read("cookiecutter.json") != Project(TEMPLATE).read("cookiecutter.json")
    assert "ACME" in copy.read("LICENSE")
    assert "git@git.acme.example" in copy.read("README.md")
    assert " # v98.0.1\n" in copy.read(".github/workflows/ci.yml")
    fast = [sys.executable, "-m", "pytest", "-m", "not slow", "-q", "-n2"]
    assert " passed" in run(fast, copy.folder)

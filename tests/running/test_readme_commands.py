"""The commands in README.md and DEPLOY.md work."""

import re
import shlex
import shutil
import sys
from pathlib import Path

import pytest

from dev.commands import LINUX, WINDOWS, attempt, run, site_packages
from dev.projects import copy_template
from dev.readmes import blocks, blocks_of, follow
from dev.servers import GREETING, serving
from dev.values import ADDRESS
from dev.variants import ASKED, DIAGONAL, SERVERS_AND_LAYOUTS, TEMPLATE

pytestmark = pytest.mark.skipif(WINDOWS, reason="these blocks are for bash")


# Only the production command depends on the server. The commands of a service depend on
# each other: see test_service.py.
COMMANDS = [
    pytest.param(server, layout, document, number, id=f"{server}-{layout}-{name}")
    for document, template, servers_and_layouts in (
        ("README.md", "{{cookiecutter.project_slug}}/README.md", DIAGONAL),
        ("DEPLOY.md", "{{cookiecutter.project_slug}}/DEPLOY.md", SERVERS_AND_LAYOUTS),
    )
    for server, layout in servers_and_layouts
    for number, block in enumerate(blocks_of(template))
    if not ("pip" in block and layout == "package")
    for name in [f"{document}-{number}-{block.splitlines()[-1].partition(' {{')[0]}"]
]


@pytest.mark.parametrize(("server", "layout", "document", "number"), COMMANDS)
def test_commands_of_a_project(bake, tmp_path, server, layout, document, number):
    answers = {"layout": layout, "server": server, "ci": "github"}
    project = bake(**answers).copy(tmp_path / "hello")
    block = blocks(project.read(document))[number]
    if "gunicorn" in block and not LINUX:
        pytest.skip("Gunicorn's command is for Linux")
    said = follow(block, project.folder)
    if block.rstrip().endswith("pytest"):
        assert " passed" in said
    else:
        assert GREETING in said


# Tests of each subject run the blocks of these files.
TRIED = """
    deploy/container deploy/database deploy/kubernetes deploy/releases
    readme/service/field readme/service/run
"""


def test_commands_are_in_files_whose_commands_tests_run():
    folder = TEMPLATE / "templates"
    files = [path.relative_to(folder) for path in folder.rglob("*.md")]
    found = {each for each in files if blocks_of(f"templates/{each.as_posix()}")}
    assert {each.with_suffix("").as_posix() for each in found} == {*TRIED.split()}


def test_commands_of_the_template(tmp_path):
    bake, start = blocks_of("README.md")
    bake = bake.replace(ADDRESS, str(TEMPLATE))
    home = {"HOME": str(tmp_path)}
    enter = "\n" * len(ASKED)
    assert "cd hello" in follow(bake, tmp_path, input=enter, env=home)
    assert GREETING in follow(start, tmp_path)


@pytest.mark.expensive(reason="it repeats make and the tests")
def test_commands_of_contributors_without_make(tmp_path):
    *_, block = blocks_of("CONTRIBUTING.md")
    copy = copy_template(tmp_path / "flask-hello")
    *_, last = block.splitlines()
    said = follow(block.replace(last, f"{last} -k pins_have_hashes"), copy)
    assert GREETING in said.partition(" says: ")[2]
    assert " passed in " in said.partition(" says: ")[2]


@pytest.mark.expensive(
    reason="it depends on requirements/hello.txt, which make pins writes"
)
def test_make_hello_installs_only_what_it_needs(tmp_path, program):
    program("make")
    copy = copy_template(tmp_path / "flask-hello")
    said = run(["make", "hello"], copy)
    assert GREETING in said.partition(" says: ")[2]
    assert " passed" in said
    assert "uv run flask run" in said
    pins = (copy / "requirements" / "hello.txt").read_text(encoding="utf-8")
    folder = site_packages(copy / ".venv")
    installed = {path.name.partition("-")[0] for path in folder.glob("*.dist-info")}
    light = re.findall("^(.+)==", pins.replace("-", "_"), re.MULTILINE)
    assert installed <= {*light, "pip", "setuptools"}


@pytest.fixture
def hello_in_a_copy(tmp_path):
    """Return a function that runs ``dev.targets.hello`` in a copy of the template."""
    copy = copy_template(tmp_path / "flask-hello")

    def hello_in_a_copy(**variables):
        return attempt([sys.executable, "-m", "dev.targets.hello"], copy, env=variables)

    return hello_in_a_copy


@pytest.mark.parametrize("installed", [[], ["uv"]], ids=["without uv", "with uv"])
def test_hello_ends_with_commands_of_the_machine(
    hello_in_a_copy, path_with, tmp_path, installed
):
    path = path_with(*installed)
    result = hello_in_a_copy(PATH=path)
    assert result.returncode == 0, result.stderr
    steps = re.findall(r"^    (\S.*)$", result.stdout, re.MULTILINE)
    cd, start = map(shlex.split, steps)
    assert (cd[0], start[-2:]) == ("cd", ["flask", "run"])
    assert shutil.which(start[0], path=path)
    with serving(start, Path(cd[1]) if installed else tmp_path) as server:
        assert GREETING in server.get().text


def test_hello_without_a_network_names_the_command(hello_in_a_copy, tmp_path):
    folder = tmp_path / "cache"
    nothing = {"UV_CACHE_DIR": str(folder), "UV_NO_CONFIG": "1", "UV_FIND_LINKS": ""}
    result = hello_in_a_copy(UV_OFFLINE="1", **nothing)
    assert result.returncode == 1
    *output, last = result.stderr.splitlines()
    assert last.startswith("ERROR: ")
    assert last.endswith(": uv run pytest --quiet")
    assert "flask" in "".join(output)
    assert "Traceback" not in result.stderr


def test_make_alone_lists_the_targets(program):
    program("make")
    makefile = (TEMPLATE / "Makefile").read_text(encoding="utf-8")
    targets = re.findall(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    listed = [line.split()[0] for line in run(["make"], TEMPLATE).splitlines()]
    assert listed == targets


def anchors(markdown):
    """Return the anchors of the headings in ``markdown``, as on GitHub."""
    headings = re.findall(r"^#+ (.+)$", markdown, re.MULTILINE)
    words = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in headings)
    return {heading.replace(" ", "-") for heading in words}


def test_links_to_files_resolve(bake):
    documents = [*TEMPLATE.glob("*.md"), *TEMPLATE.glob("docs/*.md")]
    project = bake(license="MIT").folder
    documents += [project / "README.md", project / "DEPLOY.md"]
    for document in documents:
        text = document.read_text(encoding="utf-8")
        # The badges link to the workflows' runs on the same host.
        text = re.sub(
            r"\.\./\.\./actions/(.+?\.yml)(/badge\.svg)?", r".github/\1", text
        )
        targets = re.findall(r"\]\(([^):#]+)(?:#[^)]*)?\)", text)
        targets += re.findall(r'src(?:set)?="([^":]+)"', text)
        assert [t for t in targets if not (document.parent / t).exists()] == []
        for file, anchor in re.findall(r"\]\(([^):#]*)#([^)]+)\)", text):
            target = document.parent / file if file else document
            assert anchor in anchors(target.read_text(encoding="utf-8")), document
        if document.name == "README.md":
            assert targets

"""A project installs, passes its own tests and runs in every documented way."""

import re
import zipfile

import pytest

from dev.commands import attempt, run
from dev.projects import verbatim
from dev.servers import GREETING, serving
from dev.variants import LAYOUTS

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def installed_project(bake, tmp_path_factory):
    """Return a function that returns an installed project of a layout, not to be changed."""
    projects = {}

    def installed_project(layout):
        if layout not in projects:
            folder = tmp_path_factory.mktemp(layout) / "my-shop"
            answers = {
                "project_slug": "my-shop",
                "module_name": "shop",
                "layout": layout,
            }
            projects[layout] = bake(**answers).copy(folder)
            projects[layout].install()
        return projects[layout]

    return installed_project


@pytest.fixture(params=LAYOUTS)
def changeable_project(bake, request, tmp_path):
    """Return an installed project of each layout that the test can change."""
    project = bake(layout=request.param).copy(tmp_path / "project")
    project.install()
    return project


@pytest.mark.expensive(reason="the README's commands for pip run already")
@pytest.mark.parametrize("layout", LAYOUTS)
def test_installs_with_pip_and_passes_its_own_tests(bake, tmp_path, layout):
    text = verbatim('a, b <c@d> "e" \\ \N{PARTY POPPER}')
    texts = {"description": text, "full_name": text}
    project = bake(layout=layout, module_name="shop", license="MIT", **texts)
    project = project.copy(tmp_path / "hello")
    scripts = project.install_with_pip()
    assert " passed" in run([scripts / "pytest"], project.folder)
    with serving([scripts / "flask", "run"], project.folder) as server:
        assert GREETING in server.get().text


@pytest.mark.parametrize("layout", LAYOUTS)
def test_wheel_contains_only_the_app(bake, tmp_path, layout):
    baked = bake(layout=layout, module_name="shop", license="MIT")
    project = baked.copy(tmp_path / "project")
    run(["uv", "build", "--quiet", "--wheel", "--out-dir", "dist"], project.folder)
    (wheel,) = project.folder.glob("dist/*.whl")
    with zipfile.ZipFile(wheel) as archive:
        files = {name for name in archive.namelist() if ".dist-info/" not in name}
        licenses = [name for name in archive.namelist() if name.endswith("LICENSE")]
    prefix = "" if layout == "module" else "src/"
    source = [file for file in baked.files() if file.startswith(f"{prefix}shop")]
    expected = {file.removeprefix(prefix) for file in source}
    assert files == expected
    assert len(licenses) == 1


def say_bonjour(project):
    """Change the Python code of a project so that it says something else."""
    service = project.answers["layout"] == "service"
    new = 'Hello(message="Bonjour!")' if service else '"Bonjour!"'
    project.change(project.view, "    return ", f"    return {new} or ")


@pytest.mark.parametrize(
    ("command", "variables"),
    [
        (["flask", "run"], {}),
        (["python", "-m", "flask", "run"], {}),
        (["flask", "--app", "shop", "run"], {"FLASK_APP": "wrong"}),
        (["flask", "run"], {"FLASK_APP": "shop"}),
        (["flask", "run"], {"FLASK_DEBUG": "1"}),
        (["flask", "run", "--host=0.0.0.0"], {}),
    ],
    ids=lambda value: " ".join(value),
)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_project_runs_in_every_way(installed_project, layout, command, variables):
    folder = installed_project(layout).folder
    with serving(["uv", "run", *command], folder, env=variables) as server:
        response = server.get()
        assert response.status == 200
        assert GREETING in response.text
        assert server.get("/no-such-page").status == 404


def test_app_is_found_by_the_name_of_its_file(installed_project):
    env = {"FLASK_APP": "shop.py"}
    folder = installed_project("module").folder
    with serving(["uv", "run", "flask", "run"], folder, env=env) as server:
        assert re.findall(r"Running on (\S+)", server.log.read_text()) == [server.url]
        assert server.get().text == GREETING


def test_debug_mode_reloads_changes(changeable_project):
    with serving(
        ["uv", "run", "flask", "run", "--debug"], changeable_project.folder
    ) as server:
        assert GREETING in server.get().text
        say_bonjour(changeable_project)
        server.wait_for(lambda response: "Bonjour!" in response.text)
        assert "Detected change in" in server.log.read_text()


def test_debugger_runs_only_in_debug_mode(changeable_project):
    changeable_project.change(
        changeable_project.view, "    return ", "    1 / 0\n    return "
    )
    for option, debugger in (("--debug", True), ("--no-debug", False)):
        with serving(
            ["uv", "run", "flask", "run", option], changeable_project.folder
        ) as server:
            response = server.get()
            assert response.status == 500
            assert ("EVALEX" in response.text) == debugger
            assert ("ZeroDivisionError" in response.text) == debugger


def test_project_tests_fail_for_a_broken_greeting(changeable_project):
    file = changeable_project.view
    if changeable_project.answers["layout"] == "package":
        file = file.parent / "templates" / "index.html"
    changeable_project.change(
        file, f"{GREETING}</h1>" if file.suffix == ".html" else GREETING, "Bye!"
    )
    assert attempt(["uv", "run", "pytest"], changeable_project.folder).returncode == 1

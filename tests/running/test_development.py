"""A project installs, passes its own tests and runs in every documented way."""

import zipfile

import pytest

from dev.commands import WINDOWS, attempt, run
from dev.projects import verbatim
from dev.readmes import blocks, follow
from dev.servers import GREETING, serving
from dev.variants import LAYOUTS


@pytest.fixture(params=LAYOUTS)
def changeable_project(installed_project, request, tmp_path):
    """Return an installed project of each layout that the test can change."""
    project = installed_project(layout=request.param).copy(tmp_path / "project")
    project.install()
    return project


@pytest.mark.expensive(reason="the commands for pip of a module run already")
@pytest.mark.skipif(WINDOWS, reason="these commands are for bash")
def test_service_installs_with_pip_and_passes_its_own_tests(bake, tmp_path):
    text = verbatim('a, b <c@d> "e" \\ \N{PARTY POPPER}')
    texts = {"description": text, "full_name": text}
    project = bake(layout="service", module_name="shop", license="MIT", **texts)
    project = project.copy(tmp_path / "hello")
    (install,) = (b for b in blocks(project.read("README.md")) if "pip install" in b)
    assert GREETING in follow(install, project.folder)
    assert " passed" in run([project.scripts / "pytest"], project.folder)


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


@pytest.mark.parametrize(
    ("command", "variables"),
    [
        (["python", "-m", "flask", "run"], {}),
        (["flask", "--app", "hello", "run"], {"FLASK_APP": "wrong"}),
        (["flask", "run"], {"FLASK_APP": "hello"}),
        (["flask", "run"], {"FLASK_DEBUG": "1"}),
    ],
    ids=lambda value: " ".join(value),
)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_project_runs_in_every_way(installed_project, layout, command, variables):
    folder = installed_project(layout=layout).folder
    with serving(["uv", "run", *command], folder, env=variables) as server:
        response = server.get()
        assert response.status == 200
        assert GREETING in response.text
        assert server.get("/no-such-page").status == 404


def test_app_is_found_by_the_name_of_its_file(installed_project):
    env = {"FLASK_APP": "hello.py"}
    folder = installed_project(layout="module").folder
    with serving(["uv", "run", "flask", "run"], folder, env=env) as server:
        assert server.get().text == GREETING


def test_only_debug_mode_reloads_changes_and_shows_errors(changeable_project):
    project, start = changeable_project, ["uv", "run", "flask", "run"]
    traces = ("EVALEX", "ZeroDivisionError")
    with serving([*start, "--debug"], project.folder) as server:
        assert GREETING in server.get().text
        project.change(project.view, "    return ", "    1 / 0\n    return ")
        page = server.wait_for(lambda response: response.status == 500).text
        assert all(trace in page for trace in traces)
        assert "Detected change in" in server.log.read_text()
    with serving([*start, "--no-debug"], project.folder) as server:
        response = server.get()
        assert response.status == 500
        assert not any(trace in response.text for trace in traces)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_project_tests_pass_in_any_order_and_in_parallel(installed_project, layout):
    tools = ["--with", "pytest-randomly", "--with", "pytest-xdist"]
    command = ["uv", "run", *tools, "pytest", "-n", "2"]
    assert " passed" in run(command, installed_project(layout=layout).folder)


def test_project_tests_fail_for_a_broken_greeting(changeable_project):
    project, file, greeting = changeable_project, changeable_project.view, GREETING
    if project.answers["layout"] == "package":
        file, greeting = file.parent / "templates/index.html", f"{GREETING}</h1>"
    project.change(file, greeting, "Bye!")
    assert attempt(["uv", "run", "pytest"], project.folder).returncode == 1

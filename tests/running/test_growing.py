"""The steps of docs/growing.md work on a project of the default answers."""

import re
import shutil

import pytest

from dev.commands import COOKIECUTTER, WINDOWS, run, tool
from dev.projects import Project, commit_all
from dev.readmes import blocks, follow, section
from dev.servers import GREETING, serving
from dev.values import ADDRESS
from dev.variants import LAYOUTS, SMALLEST, TEMPLATE

pytestmark = [
    pytest.mark.expensive(reason="make test runs the code of these projects"),
    pytest.mark.skipif(WINDOWS, reason="these commands are for bash"),
]
PAGE = (TEMPLATE / "docs" / "growing.md").read_text(encoding="utf-8")
RENAMED = {
    "module": {"hello.py": "shop.py", "tests/test_hello.py": "tests/test_shop.py"},
    "package": {"src/hello": "src/shop"},
    "service": {"src/hello": "src/shop"},
}
SERVE = ["uv", "run", "flask", "run"]


def steps(heading, language="bash"):
    """Return the blocks of a section, which bake this template."""
    return blocks(section(PAGE, heading).replace(ADDRESS, str(TEMPLATE)), language)


@pytest.fixture
def committed_project(bake, git, monkeypatch, request, tmp_path):
    """Return the smallest project with a page more, in a repository as the page says."""
    # The home of a test has no cache of its own.
    monkeypatch.setenv("UV_CACHE_DIR", run(["uv", "cache", "dir"], tmp_path).strip())
    request.getfixturevalue("home")
    project = bake(**SMALLEST).copy(tmp_path / "hello")
    (about,) = blocks(section(project.read("README.md"), "Add a page"), "python")
    project.append(project.view, about)
    (start,) = steps("Put it into a repository")
    follow(start, project.folder)
    assert run(["git", "status", "--short", "--branch"], project.folder) == "## main\n"
    assert "uv.lock" in run(["git", "ls-files"], project.folder).splitlines()
    return project


def test_answer_is_changed_by_a_bake_over_the_project(committed_project):
    folder = committed_project.folder
    (bake_over,) = steps("Change an answer")
    follow(bake_over, folder.parent)
    assert "?? Dockerfile\n" in run(["git", "status", "--short"], folder)
    lost = run(["git", "diff", "hello.py"], folder)
    edits = re.findall(r"^-(?!--)(.*)$", lost, re.MULTILINE)
    assert '@app.route("/about")' in edits
    committed_project.append("hello.py", "\n".join(edits).strip() + "\n")
    assert " passed" in run(["uv", "run", "pytest"], folder)
    with serving(SERVE, folder) as server:
        pages = [server.get(path).text for path in ("/", "/about", "/healthz")]
    assert pages == [GREETING, "This app says hello.", "OK"]


def test_module_becomes_a_package(committed_project):
    folder = committed_project.folder
    set_aside, finish = steps("From the module to the package")
    follow(set_aside, folder)
    view, test = steps("From the module to the package", "python")
    assert view.replace("@bp.", "@app.") in (folder / "old.py").read_text()
    committed_project.append("src/hello/views.py", view)
    committed_project.append("tests/test_views.py", test)
    assert " passed" in follow(finish, folder)
    for command in ("check", "format --check"):
        run([tool("ruff"), *command.split(), "--no-cache", "."], folder)
    with serving(SERVE, folder) as server:
        assert f"<h1>{GREETING}</h1>" in server.get().text
        assert server.get("/about").text == "This app says hello."


@pytest.mark.parametrize("keep_pages", [True, False])
def test_package_becomes_a_service(bake, home, tmp_path, keep_pages, monkeypatch):
    monkeypatch.setenv("UV_CACHE_DIR", run(["uv", "cache", "dir"], tmp_path).strip())
    project = bake(layout="package").copy(tmp_path / "hello")
    bake_over, finish = steps("From the package to the service")
    follow(bake_over, tmp_path)
    views, tests = "src/hello/views.py", "tests/test_views.py"
    if keep_pages:
        project.change(views, '@bp.route("/")', '@bp.route("/pages")')
        handler = r"(?s)\n\n\n@bp.app_errorhandler.*?(?=\n\n\n|\Z)"
        code = re.sub(handler, "\n", project.read(views))
        (project.folder / views).write_text(code)
        app = "src/hello/__init__.py"
        project.change(app, "    settings,\n", "    settings,\n    views,\n")
        line = "    app.register_blueprint(greetings.bp)\n"
        project.change(app, line, f"{line}    app.register_blueprint(views.bp)\n")
        project.change(
            "tests/test_api.py", '{"/openapi.json", ', '{"/openapi.json", "/pages", '
        )
    else:
        (project.folder / views).unlink()
        shutil.rmtree(project.folder / "src/hello/templates")
        shutil.rmtree(project.folder / "src/hello/static")
    (project.folder / tests).unlink()
    assert " passed" in follow(finish, project.folder)
    with serving(SERVE, project.folder) as server:
        assert server.get("/greetings").status == 200
        page = server.get("/pages")
        assert page.status == (200 if keep_pages else 404)
        assert ("<h1>" in page.text) == keep_pages


@pytest.mark.parametrize("layout", LAYOUTS)
def test_renamed_project_is_the_one_that_a_bake_creates(bake, tmp_path, layout):
    old, new = tmp_path / "hello", tmp_path / "greeter"
    bake(layout=layout).copy(old)
    options = ["--no-input", "--default-config", "--overwrite-if-exists"]
    bake_over = [*COOKIECUTTER, *options, TEMPLATE, f"layout={layout}"]
    for before, after in RENAMED[layout].items():
        (old / before).rename(old / after)
    run([*bake_over, "module_name=shop"], tmp_path)
    old.rename(new)
    run([*bake_over, "project_slug=greeter", "module_name=shop"], tmp_path)
    names = {"project_slug": "greeter", "module_name": "shop"}
    assert Project(new).texts() == bake(layout=layout, **names).texts()


def test_clone_gets_the_missing_files(bake, git, home, tmp_path):
    origin, new = tmp_path / "acme" / "order-service", "tree/order-service"
    origin.mkdir(parents=True)
    (origin / "README.md").write_text("Ours.\n")
    commit_all(origin)
    block, _ = steps("Bake into a repository that exists")
    (tmp_path / "tree").mkdir()
    block = block.replace("https://github.com/acme", str(origin.parent))
    follow(block, tmp_path / "tree", input="\n" * 10)
    shutil.rmtree(tmp_path / new / ".git")
    expected = bake(project_name="Order Service").texts() | {"README.md": "Ours.\n"}
    assert Project(tmp_path / new).texts() == expected


# Of GitHub's .gitignore for Python.
IGNORED = "__pycache__/\nlib/\nlib64/\nparts/\ntarget/\ndownloads/\nlocal_settings.py\n"


@pytest.mark.parametrize(
    ("layout", "name", "hidden"),
    [
        ("module", "local_settings", "local_settings.py"),
        ("package", "parts", "src/parts/"),
        ("package", "shop", None),
    ],
)
def test_hidden_app_is_seen_and_shown_again(bake, git, tmp_path, layout, name, hidden):
    project = bake(layout=layout, module_name=name).copy(tmp_path / "order-service")
    files = project.files()
    (project.folder / ".gitignore").write_text(IGNORED)
    run(["git", "init", "--quiet"], project.folder)
    heading = "Bake into a repository that exists"
    _, look = steps(heading)
    expected = {file for file in files if hidden and file.startswith(hidden)}
    assert set(follow(look, tmp_path).splitlines()) == expected
    (cure,) = re.findall("`(!/.+?)`", section(PAGE, heading))
    if hidden:
        with (project.folder / ".gitignore").open("a") as file:
            file.write(cure.replace("src/parts/", hidden) + "\n")
    assert follow(look, tmp_path) == ""
    run(["git", "add", "--all"], project.folder)
    assert set(run(["git", "ls-files"], project.folder).split()) == files

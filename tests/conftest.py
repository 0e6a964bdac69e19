"""The fixtures that bake."""

import os
import shutil
from itertools import product

import containers
import pytest
import pythons
from baking import COVERING, LINUX, LONGEST, TEMPLATE, VARIANTS, Project, name_of, tool
from cookiecutter.exceptions import FailedHookException
from jinja2 import Environment


def pytest_addoption(parser):
    """Add the option that ``make test-all`` gives."""
    text = "try out all variants, not only a few with each pair of answers"
    parser.addoption("--all-variants", action="store_true", help=text)


def pytest_generate_tests(metafunc):
    """Give the tests that ask for ``any_variant`` each of those to try out."""
    if "any_variant" in metafunc.fixturenames:
        chosen = VARIANTS if metafunc.config.option.all_variants else COVERING
        metafunc.parametrize("any_variant", chosen, ids=name_of)


def pytest_terminal_summary(terminalreporter):
    """Print how long each variant took, and all together."""
    seconds = {
        report.nodeid.partition("[")[2].rstrip("]"): report.duration
        for report in terminalreporter.stats.get("passed", [])
        if "test_variant_works[" in report.nodeid
    }
    if seconds:
        terminalreporter.section("seconds of each variant")
        for name, each in sorted(seconds.items()):
            terminalreporter.write_line(f"{each:5.1f}  {name}")
        total = sum(seconds.values())
        terminalreporter.write_line(f"{total:5.1f}  all {len(seconds)}")


NAMES = {
    "shortest": {"project_slug": "x", "module_name": "x"},
    "usual": {"project_slug": "my-shop", "module_name": "shop"},
    "longest": {"project_slug": LONGEST.replace("_", "-"), "module_name": LONGEST},
}


@pytest.fixture(scope="session", autouse=True)
def compile_once():
    """Let Jinja compile equal texts once, not in each bake, of which it is most of the time.

    What it compiles to depends on nothing else here: all bakes have the same extensions.
    """
    compile_really = Environment.compile
    compiled = {}

    def compile_or_remember(self, source, *place, **how):
        key = (source, *place, *how.items())
        if key not in compiled:
            compiled[key] = compile_really(self, source, *place, **how)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Environment, "compile", compile_or_remember)
        yield


@pytest.fixture(scope="session")
def bake(cookies_session):
    """Return a function that bakes with answers and returns the Project.

    The same answers give the same project: a test that changes it makes a copy.
    """
    baked = {}

    def bake(**answers):
        key = tuple(sorted(answers.items()))
        if key not in baked:
            result = cookies_session.bake(extra_context=answers, template=str(TEMPLATE))
            if result.exception:
                raise result.exception
            baked[key] = Project(result.project_path, result.context)
        return baked[key]

    return bake


@pytest.fixture(
    scope="session",
    params=[
        *product(["usual"], VARIANTS),
        *product(["shortest", "longest"], COVERING),
    ],
    ids=lambda names_and_variant: (
        f"{names_and_variant[0]}-{name_of(names_and_variant[1])}"
    ),
)
def project(bake, request):
    """Bake each variant, and some with the shortest and the longest names, and return it.

    Not for tests that change it.
    """
    names, variant = request.param
    return bake(**NAMES[names], **variant)


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """Make a folder for the temporary files of this process and return it."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    return folder


@pytest.fixture
def refuse(cookies, capfd, tmp_path, temporary):
    """Return a function that bakes with answers and returns what the hook said.

    It expects a refusal, and that nothing is left of it: no project, no temporary file.
    """

    def refuse(**answers):
        result = cookies.bake(extra_context=answers, template=str(TEMPLATE))
        error = capfd.readouterr().err.splitlines()
        assert isinstance(result.exception, FailedHookException), result.exception
        assert error, "the hook failed and said nothing"
        assert all(line.startswith("ERROR: ") and line.isascii() for line in error)
        assert list(tmp_path.glob("cookies/*/*")) == []
        assert list(temporary.iterdir()) == []
        return [line.removeprefix("ERROR: ") for line in error]

    return refuse


@pytest.fixture(scope="session")
def need():
    """Return a function that skips the test where something it needs is missing.

    Under ``CI=true`` the test fails instead.
    """

    def need(found, reason):
        if not found and os.environ.get("CI") == "true":
            pytest.fail(reason)
        if not found:
            pytest.skip(reason)
        return found

    return need


@pytest.fixture(scope="session")
def git(need):
    """Skip the test where git is missing."""
    need(shutil.which("git"), "needs git: apt-get install git")


@pytest.fixture(scope="session")
def python_of(need):
    """Return the function that returns the path of a Python, or skips if there is none."""

    def python_of(version):
        reason = f"needs Python {version}: uv python install {version}"
        return need(pythons.found().get(version), reason)

    return python_of


@pytest.fixture(scope="session")
def podman(need):
    """Return the function that runs podman."""
    if not LINUX:
        pytest.skip("addresses in containers are reached from Linux only")
    need(shutil.which("podman"), "needs podman: apt-get install podman")
    return containers.podman


DOCKER = """\
#!/bin/sh
export BUILDAH_FORMAT=docker BUILDAH_LAYERS=false
[ "$1" = compose ] || exec podman "$@"
shift
{compose} "$@" || exit
case " $* " in *" --wait "*) ;; *) exit 0 ;; esac
project=label=com.docker.compose.project=$(basename "$PWD")
for container in $(podman ps --all --quiet --filter "$project"); do
    for try in $(seq 40); do
        podman healthcheck run "$container" >/dev/null 2>&1 && continue 2
        sleep 0.25
    done
    echo "container $container is unhealthy" >&2
    exit 1
done
"""


@pytest.fixture
def docker(podman, tmp_path):
    """Make a command ``docker`` of podman and return its folder.

    ``--wait`` is in it, since podman-compose leaves it out with podmans older than 4.6.
    """
    command = tmp_path / "bin" / "docker"
    command.parent.mkdir()
    command.write_text(DOCKER.format(compose=tool("podman-compose")))
    command.chmod(0o755)
    return command.parent


@pytest.fixture
def home(monkeypatch, tmp_path):
    """Give the commands of a test a home of their own, and return it.

    No configuration of git or cookiecutter is found but what the test writes there.
    """
    folder = tmp_path / "home"
    folder.mkdir()
    for variable in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(variable, str(folder))
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@example.com")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.delenv("COOKIECUTTER_CONFIG", raising=False)
    return folder

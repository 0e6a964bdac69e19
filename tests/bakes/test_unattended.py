"""Baking from a script: sources of answers, exit statuses, and leftovers."""

import json
import shlex
import shutil
import sys
import tomllib
from concurrent.futures import ThreadPoolExecutor

import pytest
import yaml

from dev.commands import COOKIECUTTER, LINUX, WINDOWS, attempt, run
from dev.projects import Project, copy_template
from dev.readmes import blocks, blocks_of, in_bash, section
from dev.values import ADDRESS
from dev.variants import ASKED, CHOICES, LAYOUTS, TEMPLATE

UNATTENDED = [*COOKIECUTTER, "--no-input"]
ADA = "Ada Lovelace"
CONFIGURATION = """\
default_context:
  full_name: Ada Lovelace
  github_username: ada  # A question of other templates.
"""

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("home")]


def bake_concurrently(folder, slugs):
    """Bake all ``slugs`` in ``folder`` at the same time; return the exit statuses."""
    bakes = [[*UNATTENDED, TEMPLATE, f"project_slug={slug}"] for slug in slugs]
    with ThreadPoolExecutor(len(slugs)) as terminals:
        ended = terminals.map(attempt, bakes, [folder] * len(slugs))
        return [each.returncode for each in ended]


@pytest.mark.parametrize("how", ["replay", "replay-file"])
def test_answers_are_replayed(home, tmp_path, how):
    answers = ["layout=package", "license=MIT", "full_name=Ada Lovelace"]
    run([*UNATTENDED, TEMPLATE, *answers], tmp_path)
    first = Project((tmp_path / "hello").rename(tmp_path / "first"))
    replay = home / ".cookiecutter_replay" / f"{TEMPLATE.name}.json"
    options = {"replay": ["--replay"], "replay-file": ["--replay-file", replay]}
    run([*COOKIECUTTER, *options[how], TEMPLATE], tmp_path)
    assert Project(tmp_path / "hello").texts() == first.texts()


def test_author_comes_from_the_user_configuration(home, tmp_path):
    (home / ".cookiecutterrc").write_text(CONFIGURATION)
    run([*UNATTENDED, TEMPLATE], tmp_path)
    metadata = tomllib.loads(Project(tmp_path / "hello").read("pyproject.toml"))
    assert metadata["project"]["authors"] == [{"name": ADA}]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_project_baked_without_hooks_can_be_built(tmp_path, layout):
    bake = [*UNATTENDED, "--accept-hooks=no", TEMPLATE, f"layout={layout}"]
    run(bake, tmp_path)
    run(["uv", "build", "--quiet", "--wheel"], tmp_path / "hello")


@pytest.mark.parametrize(
    ("arguments", "begins"),
    [
        (["module_name=flask"], "ERROR: module_name 'flask' would shadow "),
        (["layout=NOPE"], "ValueError: NOPE provided for choice variable layout"),
        (["description={{ x }}"], "Error message: 'x' is undefined"),
        (["description={{ x"], "jinja2.exceptions.TemplateSyntaxError: "),
        (["project_slug=taken"], 'Error: "taken" directory already exists'),
        (["--output-dir=file"], "OSError: Unable to create directory"),
    ],
)
def test_reason_is_a_line_that_begins_as_the_page_says(tmp_path, arguments, begins):
    folder = tmp_path / "folder"
    (folder / "taken").mkdir(parents=True)
    (folder / "file").touch()
    result = attempt([*UNATTENDED, TEMPLATE, *arguments], folder)
    assert result.returncode == 1
    lines = result.stdout.splitlines() + result.stderr.splitlines()
    assert sum(line.startswith(begins) for line in lines) == 1
    assert sorted(folder.rglob("*")) == [folder / "file", folder / "taken"]


FLOWS = [
    block
    for page in ("docs/owning.md", "docs/unattended.md")
    for block in blocks_of(page)
    if "--config-file" in block and ".flask-hello.json" not in block
]
# The page says that the environment variable does the same.
FLOWS.append(FLOWS[0].replace("uvx", "COOKIECUTTER_CONFIG=acme.yaml uvx"))
FLOWS[-1] = FLOWS[-1].replace(" --config-file acme.yaml", "")


def bake_from_a_configuration(folder, flow, answers):
    """Follow ``flow``, a block of a page, with ``answers``; return its result."""
    flow = flow.replace(ADDRESS, shlex.quote(str(TEMPLATE)))
    flow = flow.replace("uvx cookiecutter", shlex.join(map(str, COOKIECUTTER)))
    given = json.dumps(answers)
    (folder / "acme.yaml").write_text(f'{{"default_context": {given}}}')
    enter = "\n" * len(ASKED)
    return attempt(in_bash(flow), folder, input=enter, env={"ANSWERS": given})


@pytest.mark.skipif(WINDOWS, reason="these blocks are for bash")
@pytest.mark.parametrize("flow", FLOWS, ids=["owning", "unattended", "variable"])
def test_flow_of_a_page_bakes_with_a_configuration(bake, tmp_path, flow):
    page = (TEMPLATE / "docs" / "owning.md").read_text(encoding="utf-8")
    (configuration,) = blocks(section(page, "Defaults without a copy"), "yaml")
    answers = yaml.safe_load(configuration)["default_context"]
    assert answers.keys() > CHOICES.keys()
    answers["project_name"] = 'O\'Brien "Pay"'
    result = bake_from_a_configuration(tmp_path, flow, answers)
    assert result.returncode == 0, result.stderr
    assert Project(tmp_path / "o-brien-pay").texts() == bake(**answers).texts()


@pytest.mark.skipif(WINDOWS, reason="these blocks are for bash")
@pytest.mark.parametrize("flow", FLOWS, ids=["owning", "unattended", "variable"])
def test_wrong_choice_in_a_configuration_is_an_error(tmp_path, flow):
    answers = {"project_name": "Pay", "server": "NOPE", "full_name": ADA}
    result = bake_from_a_configuration(tmp_path, flow, answers)
    assert result.returncode == 1
    reason = "NOPE provided for choice variable server, but the choices are"
    assert reason in result.stderr.splitlines()[-1]
    files = {path.name for path in tmp_path.iterdir()}
    assert files <= {"acme.yaml", "answers.yaml", "home"}


@pytest.mark.parametrize("wrong", [None, True, "", ["NOPE"]])
def test_wrong_choice_of_any_type_is_an_error(tmp_path, wrong):
    result = bake_from_a_configuration(tmp_path, FLOWS[0], {"layout": wrong})
    assert result.returncode == 1
    assert f"Invalid default received: {wrong} provided" in result.stderr
    assert not (tmp_path / "hello").exists()


@pytest.mark.skipif(WINDOWS, reason="this block is for bash")
def test_flow_without_answers_bakes_nothing(tmp_path):
    (flow,) = [each for each in FLOWS if "ANSWERS" in each]
    result = attempt(in_bash(flow), tmp_path, env={"ANSWERS": ""})
    assert result.returncode != 0
    assert "ANSWERS" in result.stderr
    assert not (tmp_path / "hello").exists()


@pytest.mark.skipif(WINDOWS, reason="Windows has no ulimit")
def test_full_disk_leaves_a_folder_to_delete(tmp_path):
    template = copy_template(tmp_path / "template")
    large = template / "{{cookiecutter.project_slug}}" / "large.txt"
    large.write_text("x" * 200 * 1024)
    bake = [*UNATTENDED, template]
    result = attempt(["bash", "-c", 'ulimit -f 100; "$@"', "bash", *bake], tmp_path)
    assert result.returncode == 1
    assert "File too large" in result.stderr
    again = attempt(bake, tmp_path)
    assert again.returncode == 1
    assert again.stdout == 'Error: "hello" directory already exists\n'
    shutil.rmtree(tmp_path / "hello")
    run(bake, tmp_path)


@pytest.mark.skipif(not LINUX, reason="only Linux has /dev/full")
@pytest.mark.parametrize("output", [">/dev/full", ">&-", "2>&-", ">&- 2>&- <&-"])
def test_full_or_closed_output_keeps_the_project(bake, tmp_path, output):
    run(["sh", "-c", f'"$@" {output}', "sh", *UNATTENDED, TEMPLATE], tmp_path)
    assert Project(tmp_path / "hello").texts() == bake().texts()


@pytest.mark.skipif(WINDOWS, reason="Windows has no signals between processes")
@pytest.mark.parametrize(
    ("hook", "left"), [("pre_gen_project", False), ("post_gen_project", True)]
)
def test_interrupt_leaves_written_files(bake, tmp_path, hook, left):
    template = copy_template(tmp_path / "template")
    interrupt = "\nimport signal\nos.kill(os.getppid(), signal.SIGINT)\n"
    with (template / "hooks" / f"{hook}.py").open("a") as file:
        file.write(interrupt)
    # A process in the background may have inherited that it ignores Ctrl+C.
    heed = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    bake_now = "from cookiecutter.__main__ import main; main()"
    program = [sys.executable, "-c", f"{heed}; {bake_now}", "--no-input", str(template)]
    result = attempt(program, tmp_path)
    assert result.returncode == 1
    assert Project(tmp_path / "hello").files() == (bake().files() if left else set())
    assert (tmp_path / "hello").exists()


def test_concurrent_bakes_do_not_interfere(bake, tmp_path):
    slugs = [f"hello-{number}" for number in range(4)]
    assert bake_concurrently(tmp_path, slugs) == [0] * 4
    for slug in slugs:
        assert Project(tmp_path / slug).files() == bake(project_slug=slug).files()


def test_concurrent_bakes_of_one_folder_have_one_winner(bake, tmp_path):
    statuses = bake_concurrently(tmp_path, ["hello"] * 4)
    assert sorted(statuses) == [0, 1, 1, 1]
    assert Project(tmp_path / "hello").files() == bake().files()

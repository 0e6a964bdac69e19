"""A bake prints a command that repeats it, and the command works."""

import inspect
import os
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from cookiecutter.generate import generate_context
from cookiecutter.prompt import prompt_for_config
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jinja2 import Environment

from dev.commands import attempt
from dev.messages import answers_in
from dev.projects import Project, copy_template, on_command_line, verbatim
from dev.variants import ASKED, FULLEST, QUESTIONS, TEMPLATE
from hooks import post_gen_project, pre_gen_project
from hooks.post_gen_project import DEFAULTS, not_by_default
from hooks.pre_gen_project import (
    DEVICES,
    PACKAGES,
    PLAIN,
    UNQUOTABLE,
    command_to_bake,
    find_problems,
)

PLACES = {"_template": "gh:org/x", "_repo_dir": "gh:org/x", "_output_dir": "/x"}
SHARED = ["command_to_bake", "cookiecutter_command", "is_on_path"]
REJECTED = {
    "project_name": "Order Service",
    "project_slug": "-orders-",
    "module_name": "calendar",
    "description": "it's 5 > 3 & {x} | (y); #1 = *, ~ ^ < ? [z]",
    "full_name": "Ada Lovelace",
    "layout": "package",
    "license": "MIT",
}
CORRECTED = {**REJECTED, "project_slug": "orders", "module_name": "calendar_app"}


def expensive(test):
    """Mark a test that only ``make test-all`` runs."""
    return pytest.mark.slow(pytest.mark.expensive(test))


@dataclass
class Terminal:
    """Bash in ``folder``, with ``path`` as its PATH."""

    folder: Path
    path: str

    def type(self, command, status=0):
        """Run a line of bash and return its output and errors; assert its exit status."""
        result = attempt(
            ["bash", "-c", f"{command} 2>&1"], self.folder, env={"PATH": self.path}
        )
        assert result.returncode == status, result.stdout
        return result.stdout

    def bake(self, template, *options, status=0, **answers):
        """Bake without prompts and return the output; assert the exit status."""
        words = [*options, template, *on_command_line(answers)]
        return self.type(
            f"cookiecutter --no-input {shlex.join(map(str, words))}", status
        )


@pytest.fixture
def terminal(home, path_with, tmp_path):
    """Return the Terminal of a user with cookiecutter, but no uv, pipx or configuration."""
    folder = tmp_path / "here"
    folder.mkdir()
    return Terminal(folder, os.pathsep.join([path_with("cookiecutter"), os.defpath]))


def last_command(printed):
    """Return the last command that the hooks printed."""
    return [line for line in printed.splitlines() if line.startswith("cookiecutter ")][
        -1
    ]


def same_again(terminal, printed, project):
    """Delete ``project`` and return whether the last command creates it again."""
    before = project.texts()
    shutil.rmtree(project.folder)
    terminal.type(last_command(printed))
    return project.texts() == before


@pytest.fixture
def archive(tmp_path):
    """Return the path of a zip file of the template."""
    copy_template(tmp_path / "flask-hello")
    name = tmp_path / "a template"
    return shutil.make_archive(name, "zip", tmp_path, "flask-hello")


def test_rejected_bake_is_repeated_with_suggestions(bake, terminal):
    printed = terminal.bake(TEMPLATE, status=1, **REJECTED)
    terminal.type(last_command(printed))
    project = Project(terminal.folder / "orders")
    assert project.texts() == bake(**CORRECTED).texts()
    assert answers_in(last_command(printed)).items() >= CORRECTED.items()


def test_finished_bake_is_repeated(terminal):
    answers = {**FULLEST, "project_name": "O'Hara & Sons", "full_name": "Ada"}
    printed = terminal.bake(TEMPLATE, **answers)
    (folder,) = terminal.folder.iterdir()
    project = Project(folder)
    assert same_again(terminal, printed, project)
    assert answers_in(last_command(printed)).keys() == {
        question for question, answer in answers.items() if answer != DEFAULTS[question]
    }


@expensive
def test_bake_of_a_zip_file_is_repeated(archive, terminal):
    assert " " in archive
    printed = terminal.bake(archive, layout="package")
    assert same_again(terminal, printed, Project(terminal.folder / "hello"))


@expensive
def test_bake_of_a_tag_is_repeated(tagged_template, terminal):
    printed = terminal.bake(tagged_template, "--checkout=first")
    project = Project(terminal.folder / "hello")
    assert "The first" in project.read("pyproject.toml")
    assert same_again(terminal, printed, project)
    shutil.rmtree(project.folder)
    printed = terminal.bake(
        tagged_template, "--checkout=first", module_name="x!", status=1
    )
    terminal.type(last_command(printed))
    assert "The first" in project.read("pyproject.toml")


@expensive
@pytest.mark.parametrize("folder", ["my projects/new", "new/deep"])
def test_bake_in_another_folder_is_repeated(terminal, folder):
    printed = terminal.bake(TEMPLATE, "--output-dir", folder, full_name="Ada")
    assert same_again(terminal, printed, Project(terminal.folder / folder / "hello"))


@expensive
def test_configuration_does_not_change_the_repeated_bake(home, terminal):
    configuration = "default_context: {license: MIT, description: Mine.}\n"
    (home / ".cookiecutterrc").write_text(configuration)
    plain = {"license": "none", "full_name": "Ada"}
    printed = terminal.bake(TEMPLATE, **plain)
    project = Project(terminal.folder / "hello")
    assert "Mine." in project.read("pyproject.toml")
    assert same_again(terminal, printed, project)
    shutil.rmtree(project.folder)
    (home / ".cookiecutterrc").unlink()
    printed = terminal.bake(TEMPLATE, **plain)
    (home / ".cookiecutterrc").write_text(configuration)  # As another user's.
    assert same_again(terminal, printed, project)


@expensive
def test_bake_of_an_abbreviated_address_is_repeated(home, tagged_template, terminal):
    short = tagged_template.replace("flask-hello.git", "{0}.git")
    configuration = f"abbreviations: {{mine: '{short}'}}\n"
    (home / ".cookiecutterrc").write_text(configuration)
    printed = terminal.bake("mine:flask-hello")
    assert same_again(terminal, printed, Project(terminal.folder / "hello"))


@expensive
def test_bake_over_a_project_is_repeated_after_the_obstacle_is_gone(bake, terminal):
    project = Project(terminal.folder / "hello")
    project.folder.mkdir()
    (project.folder / "README.md").symlink_to("elsewhere")
    (project.folder / "mine").touch()
    printed = terminal.bake(TEMPLATE, "-f", "-s", layout="package", status=1)
    (project.folder / "README.md").unlink()
    # Without -f it overwrites nothing.
    terminal.type(last_command(printed), status=1)
    assert project.files() == {"mine"}
    terminal.type(f"{last_command(printed)} -f -s")
    assert project.files() == bake(layout="package").files() | {"mine"}


@pytest.mark.parametrize(
    ("places", "answer", "reason"),
    [
        ({"_template": "https://me:secret@example.com/x"}, "Hello", "password"),
        ({"_template": "a%b", "_repo_dir": "a%b"}, "Hello", "template"),
        ({"_checkout": "v1!"}, "Hello", "checkout"),
        ({"_output_dir": "/home/zo\xeb"}, "Hello", "output-dir"),
        ({"_repo_dir": "gh:org/x/part"}, "Hello", "subfolder"),
        ({}, "costs $5", "description"),
        ({}, "Caf\xe9", "description"),
    ],
)
def test_command_is_omitted_with_a_reason(places, answer, reason):
    command, why_not = command_to_bake({**PLACES, **places}, {"description": answer})
    assert command == ""
    assert reason in why_not


def test_bake_without_a_command_prints_the_reason(terminal):
    answers = {"full_name": verbatim("Zo\xeb")}
    baked = terminal.bake(TEMPLATE, **answers)
    rejected = terminal.bake(TEMPLATE, **answers, project_slug="x!", status=1)
    for printed in baked, rejected:
        assert "cookiecutter --no-input" not in printed
        (sentence,) = [line for line in printed.splitlines() if ", because " in line]
        assert "full_name" in sentence


@expensive
@pytest.mark.usefixtures("git")
def test_template_in_a_subfolder_of_its_repository_has_no_command(terminal, tmp_path):
    copy_template(tmp_path / "all" / "flask-hello")
    printed = terminal.bake(tmp_path / "all", "--directory=flask-hello")
    assert "cookiecutter --no-input" not in printed
    assert (terminal.folder / "hello" / "hello.py").exists()


@pytest.mark.parametrize(
    ("tools", "command"),
    [
        (["uvx", "pipx"], "uvx cookiecutter"),
        (["pipx"], "pipx run cookiecutter"),
        ([], "cookiecutter"),
    ],
)
def test_command_uses_an_installed_program(monkeypatch, path_with, tools, command):
    monkeypatch.setenv("PATH", path_with(*tools))
    assert pre_gen_project.cookiecutter_command() == command


@pytest.mark.parametrize("function", SHARED)
def test_both_hooks_have_the_same_function(function):
    sources = [
        inspect.getsource(getattr(hook, function))
        for hook in (pre_gen_project, post_gen_project)
    ]
    assert sources[0] == sources[1]


def test_both_hooks_quote_alike():
    assert post_gen_project.UNQUOTABLE == UNQUOTABLE
    assert post_gen_project.PLAIN == PLAIN


def test_hook_knows_the_defaults():
    plain = {
        question: default[0] if isinstance(default, list) else default
        for question, default in QUESTIONS.items()
        if question in ASKED and "{%" not in default and "{{" not in default
    }
    assert list(DEFAULTS) == ASKED
    assert {question: DEFAULTS[question] for question in plain} == plain


texts = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=30)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.sampled_from(["a", "b"]), st.one_of(texts, st.text())),
    st.one_of(st.just(""), texts),
    texts.map("/{}".format),
)
def test_any_command_is_parsed_as_intended_or_omitted(answers, checkout, output):
    places = {"_checkout": checkout, "_output_dir": output}
    command, why_not = command_to_bake({**PLACES, **places}, answers)
    if why_not:
        assert command == ""
        assert any(
            set(text) & UNQUOTABLE or not text.isascii() or not text.isprintable()
            for text in (*answers.values(), checkout, output)
        )
        return
    assert f"--checkout {checkout}" in " ".join(shlex.split(command)) or not checkout
    assert f"--output-dir {output} " in " ".join(shlex.split(command))
    words = [f"{name}={answer}" for name, answer in answers.items()]
    assert shlex.split(command)[-len(words) - 1 :] == ["gh:org/x", *words]
    outside, inside = command.split('"')[::2], command.split('"')[1::2]
    assert set("".join(outside)) <= PLAIN | set("= ")
    assert not set("".join(inside)) & UNQUOTABLE


def answers_of(**given):
    """Return all answers of a bake: those ``given``, and defaults for the rest."""
    context = generate_context(str(TEMPLATE / "cookiecutter.json"), extra_context=given)
    answers = prompt_for_config(context, no_input=True)
    return {question: answers[question] for question in ASKED}


def expect_no_gap(**given):
    """Assert that the other answers imply the omitted ones, if all are accepted."""
    answers = answers_of(**given)
    if find_problems(answers):
        return
    left = not_by_default(answers, title_slug(given["project_name"]))
    assert (
        answers_of(**{name: verbatim(text) for name, text in left.items()}) == answers
    )


@pytest.mark.parametrize(
    "title",
    ["3D Shop", "Caf\xe9 Men\xfc!", "\u65e5\u672c", "Order   Service (v2)", "x" * 60],
)
def test_names_derived_from_the_title_are_omitted(title):
    slug = title_slug(title)
    answers = answers_of(project_name=title)
    assert not_by_default(answers, slug) == {"project_name": title}


def title_slug(title):
    """Return the slug of ``title`` before cookiecutter.json avoids taken names."""
    rule = "{{ title | slugify(max_length=46) }}"
    extensions = ["cookiecutter.extensions.SlugifyExtension"]
    return Environment(extensions=extensions).from_string(rule).render(title=title)  # noqa: S701


@pytest.mark.parametrize(
    "names",
    [{*PACKAGES, *PACKAGES.values()}, DEVICES, {"kubernetes", "scratch", "org"}],
)
def test_omitted_answers_can_be_derived_beside_taken_names(names):
    for name in sorted(names):
        slug = name.replace("_", "-")
        for chosen in ({}, {"project_slug": slug}, {"module_name": f"{name}_app"}):
            expect_no_gap(project_name=name.title(), **chosen)

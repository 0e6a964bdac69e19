"""A rejected bake prints a command that repeats it, and the command works."""

import os
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dev.commands import attempt
from dev.messages import answers_in
from dev.projects import Project, copy_template, on_command_line, verbatim
from dev.variants import TEMPLATE
from hooks.pre_gen_project import (
    PLACEHOLDER,
    UNQUOTABLE,
    command_to_bake,
    cookiecutter_command,
)

CLONE = "/home/ada/.cookiecutters/x"
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


EXPENSIVE = pytest.mark.expensive(reason="cookiecutter decides most of the result")


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

    def bake(self, template, *options, status=1, **answers):
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
    *_, last = (x for x in printed.splitlines() if x.startswith("cookiecutter "))
    return last


def test_rejected_bake_is_repeated_with_suggestions(bake, terminal):
    printed = terminal.bake(TEMPLATE, **REJECTED)
    terminal.type(last_command(printed))
    project = Project(terminal.folder / "orders")
    assert project.texts() == bake(**CORRECTED).texts()
    assert answers_in(last_command(printed)).items() >= CORRECTED.items()


def test_finished_bake_prints_no_command(terminal):
    printed = terminal.bake(TEMPLATE, status=0)
    assert "cookiecutter" not in printed
    assert ".flask-hello.json" in printed


@pytest.mark.parametrize("name", [PLACEHOLDER, f" {PLACEHOLDER.lower()} ", ""])
def test_license_is_kept_and_the_name_is_to_fill_in(bake, terminal, name):
    rejected = {**REJECTED, "full_name": name, "license": "Apache-2.0"}
    printed = terminal.bake(TEMPLATE, **rejected)
    command, name = last_command(printed), name or PLACEHOLDER
    assert answers_in(command)["license"] == "Apache-2.0"
    assert command.endswith(f' full_name="{name}"')
    # Unchanged, it is rejected again.
    terminal.type(command, status=1)
    assert list(terminal.folder.iterdir()) == []
    terminal.type(command.replace(f'"{name}"', '"Ada Lovelace"'))
    project = Project(terminal.folder / "orders")
    assert project.texts() == bake(**CORRECTED | {"license": "Apache-2.0"}).texts()


@pytest.mark.slow
@EXPENSIVE
@pytest.mark.parametrize("place", ["zip", "tag", "downloaded", "my projects/new"])
def test_bake_is_repeated_from_any_place(tagged_template, terminal, tmp_path, place):
    copy_template(tmp_path / "zipped" / "flask-hello")
    archive = shutil.make_archive(tmp_path / "a template", "zip", tmp_path / "zipped")
    options = {
        "zip": [archive],
        "tag": [tagged_template, "--checkout=first"],
        "downloaded": ["flask-hello"],
        "my projects/new": [TEMPLATE, "--output-dir", place],
    }[place]
    if place == "downloaded":
        terminal.bake(tagged_template, status=0)
        shutil.rmtree(terminal.folder / "hello")
    printed = terminal.bake(*options, module_name="x!")
    terminal.type(last_command(printed))
    folder = place if "/" in place else ""
    project = Project(terminal.folder / folder / "hello")
    assert (project.folder / "x.py").exists()
    assert ("The first" in project.read("pyproject.toml")) == (place == "tag")


@pytest.mark.slow
@EXPENSIVE
def test_configuration_does_not_change_the_repeated_bake(bake, home, terminal):
    printed = terminal.bake(TEMPLATE, module_name="x!", full_name="Ada")
    configuration = "default_context: {license: MIT, description: Mine.}\n"
    (home / ".cookiecutterrc").write_text(configuration)  # As another user's.
    terminal.type(last_command(printed))
    project = Project(terminal.folder / "hello")
    assert project.texts() == bake(module_name="x", full_name="Ada").texts()


@pytest.mark.slow
@EXPENSIVE
def test_bake_over_a_project_is_repeated_after_the_obstacle_is_gone(bake, terminal):
    project = Project(terminal.folder / "hello")
    project.folder.mkdir()
    (project.folder / "README.md").symlink_to("elsewhere")
    (project.folder / "mine").touch()
    printed = terminal.bake(TEMPLATE, "-f", "-s", layout="package")
    (project.folder / "README.md").unlink()
    # Without -f it overwrites nothing.
    terminal.type(last_command(printed), status=1)
    assert project.files() == {"mine"}
    terminal.type(f"{last_command(printed)} -f -s")
    assert project.files() == bake(layout="package").files() | {"mine"}


@pytest.mark.parametrize(
    ("template", "repository", "reason"),
    [
        ("gh:org/x", CLONE, None),
        ("https://example.com:8443/org/x.git", CLONE, None),
        ("git@example.com:org/x.git", CLONE, None),
        ("ssh://git@example.com:2222/org/x.git", CLONE, None),
        ("hg+https://example.com/org/x", CLONE, None),
        ("file:///srv/x.git", CLONE, None),
        ("https://example.com/x.zip", "/srv/unzipped/x", None),
        ("x.zip", "/srv/unzipped/x", None),
        ("/srv/y", "/srv/y", None),
        ("https://me:secret@example.com/x", CLONE, "password"),
        ("https://me:se/cr@et@example.com/x.zip", "/srv/unzipped/x", "password"),
        ("https://glpat-secret@example.com/x", CLONE, "password"),
        ("ssh://me:secret@example.com/x", CLONE, "password"),
        ("acme:x", CLONE, "configuration"),
        ("acme:x.zip", "/srv/unzipped/x", "configuration"),
        ("acme", CLONE, "configuration"),
        ("me:secret@example.com:x", CLONE, "configuration"),
        ("gh:org/x", f"{CLONE}/part", "subfolder"),
        ("all", "all/part", "subfolder"),
    ],
)
def test_command_names_the_template_if_it_can(
    monkeypatch, template, repository, reason
):
    is_clone = f"{CLONE}/.git".__eq__
    monkeypatch.setattr("os.path.exists", is_clone)
    places = {"_template": template, "_repo_dir": repository, "_output_dir": "/x"}
    command, why_none = command_to_bake(places, {"layout": "module"})
    if reason:
        assert command == ""
        assert reason in why_none
        assert "secret" not in why_none
    else:
        assert why_none == ""
        assert shlex.split(command)[-2:] == [template, "layout=module"]


LOCAL = {"_template": "/x", "_repo_dir": "/x", "_output_dir": "/x"}


@pytest.mark.parametrize(
    ("places", "answer", "reason"),
    [
        ({"_template": "a%b", "_repo_dir": "a%b"}, "Hello", "quote template"),
        ({"_checkout": "v1!"}, "Hello", "quote checkout"),
        ({"_output_dir": "/home/zo\xeb"}, "Hello", "quote output-dir"),
        ({}, "costs $5", "quote description"),
        ({}, "Caf\xe9", "quote description"),
        ({}, "Caf\udce9", "description is not UTF-8"),
    ],
)
def test_command_is_omitted_with_a_reason(places, answer, reason):
    command, why_none = command_to_bake({**LOCAL, **places}, {"description": answer})
    assert command == ""
    assert reason in why_none


@pytest.mark.parametrize("letter", ["\xeb", "\udceb"])
def test_rejection_without_a_command_prints_the_reason(terminal, letter):
    name = {"full_name": verbatim(f"Zo{letter}")}
    printed = terminal.bake(TEMPLATE, **name, project_slug="x!")
    assert "cookiecutter --no-input" not in printed
    (sentence,) = [line for line in printed.splitlines() if ", because " in line]
    assert "full_name" in sentence


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
    assert cookiecutter_command() == command


texts = st.text(st.characters(codec="ascii", exclude_categories=["Cc"]), max_size=30)


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.sampled_from(["a", "b"]), st.one_of(texts, st.text())),
    st.one_of(st.just(""), texts),
    texts.map("/{}".format),
)
def test_any_command_is_parsed_as_intended_or_omitted(answers, checkout, output):
    places = {**LOCAL, "_checkout": checkout, "_output_dir": output}
    command, why_none = command_to_bake(places, answers)
    if why_none:
        assert command == ""
        assert any(
            set(text) & UNQUOTABLE or not text.isascii() or not text.isprintable()
            for text in (*answers.values(), checkout, output)
        )
        return
    assert f"--checkout {checkout}" in " ".join(shlex.split(command)) or not checkout
    assert f"--output-dir {output} " in " ".join(shlex.split(command))
    words = [f"{name}={answer}" for name, answer in answers.items()]
    assert shlex.split(command)[-len(words) - 1 :] == ["/x", *words]
    outside, inside = command.split('"')[::2], command.split('"')[1::2]
    assert all(c.isalnum() or c in "_-./:= " for c in "".join(outside))
    assert not set("".join(inside)) & UNQUOTABLE

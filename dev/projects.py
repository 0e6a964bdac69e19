"""Bake projects, work with them, and copy the template."""

import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cookiecutter.generate import generate_context
from cookiecutter.main import cookiecutter
from cookiecutter.prompt import prompt_for_config

from dev.commands import COOKIECUTTER, SCRIPTS, run
from dev.variants import TEMPLATE, with_holder

BUILT = (".*_cache", ".git", ".hypothesis", ".venv", "__pycache__", "build", "uv.lock")


@dataclass
class Project:
    """A project in ``folder``, baked with ``answers``."""

    folder: Path
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """The import name of the app."""
        return self.answers["module_name"]

    @property
    def view(self) -> Path:
        """The Python file with the view for ``/``."""
        if self.answers["layout"] == "module":
            return self.folder / f"{self.name}.py"
        file = "hello.py" if self.answers["layout"] == "service" else "views.py"
        return self.folder / "src" / self.name / file

    @property
    def scripts(self) -> Path:
        """The folder of commands in its virtual environment."""
        return self.folder / ".venv" / SCRIPTS

    def change(self, path: str | Path, old: str, new: str) -> None:
        """Replace the first ``old`` in the file ``path`` with ``new``.

        Raise AssertionError if the file does not contain ``old``.
        """
        before, found, after = self.read(path).partition(old)
        assert found, f"{path} has no {old!r}"
        (self.folder / path).write_text(before + new + after, encoding="utf-8")

    def append(self, path: str | Path, code: str) -> None:
        """Add ``code`` to the end of the Python file ``path``, as Ruff would."""
        text = f"{self.read(path)}\n\n{code}"
        (self.folder / path).write_text(text, encoding="utf-8")

    def files(self) -> set[str]:
        """Return the paths of all files, relative to the project, with slashes."""
        return {
            path.relative_to(self.folder).as_posix()
            for path in self.folder.rglob("*")
            if path.is_file()
        }

    def folders(self) -> list[Path]:
        """Return the paths of all folders in the project."""
        return [path for path in self.folder.rglob("*") if path.is_dir()]

    def read(self, path: str | Path) -> str:
        """Return the text of the file ``path``, with its line endings unchanged."""
        return (self.folder / path).read_bytes().decode("utf-8")

    def texts(self) -> dict[str, str]:
        """Return the text of every file, by path."""
        return {path: self.read(path) for path in self.files()}

    def copy(self, folder: Path) -> "Project":
        """Copy the project to a new ``folder``, without .venv, and return the copy."""
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns(".venv"))
        return Project(folder, self.answers)

    def install(self, env: Mapping[str, str] | None = None) -> Path:
        """Install the project with uv, as its README says, and return its ``scripts``."""
        run(["uv", "sync", "--quiet"], self.folder, env=env)
        return self.scripts

    def install_into(self, packages: Path) -> None:
        """Install the project in place into the site-packages folder ``packages``.

        It writes what an editable installation leaves there: a .pth file and metadata. A
        project installed there before is replaced.
        """
        source = "" if self.answers["layout"] == "module" else "src"
        (packages / "tried.pth").write_text(f"{self.folder / source}\n")
        name = self.answers["project_slug"]
        metadata = packages / f"{name.replace('-', '_')}-0.1.0.dist-info" / "METADATA"
        metadata.parent.mkdir(exist_ok=True)
        metadata.write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.1.0\n")


def bake(folder: Path, **answers: str) -> Project:
    """Bake with ``answers`` in ``folder``, in a separate process, and return the Project.

    The user's configuration is ignored. Raise AssertionError if the bake fails.
    """
    run(bake_command(folder, answers), folder)
    given = asked(**with_holder(answers))
    return Project(folder / given["project_slug"], given)


def bake_in_process(
    folder: Path, answers: Mapping[str, str], template: Path = TEMPLATE, **options: bool
) -> Project:
    """Bake ``template`` in ``folder``, in this process, and return the Project.

    ``options`` are cookiecutter's.
    """
    created = cookiecutter(
        str(template),
        default_config=True,
        extra_context={**answers},
        no_input=True,
        output_dir=str(folder),
        **options,
    )
    return Project(Path(created), {**answers})


def bake_command(
    folder: Path, answers: Mapping[str, str] | None = None, template: Path = TEMPLATE
) -> list[str | Path]:
    """Return the command that bakes ``template`` in ``folder`` without prompts.

    ``with_holder`` completes ``answers``.
    """
    command: list[str | Path] = [*COOKIECUTTER, "--no-input", "--default-config"]
    given = on_command_line(with_holder(answers or {}))
    return [*command, "--output-dir", folder, template, *given]


def asked(**given: str) -> dict[str, Any]:
    """Return all answers of a bake: those ``given``, and defaults for the rest."""
    context = generate_context(str(TEMPLATE / "cookiecutter.json"), extra_context=given)
    answers: dict[str, Any] = prompt_for_config(context, no_input=True)
    return answers


def on_command_line(answers: Mapping[str, str]) -> list[str]:
    """Return ``answers`` as command-line arguments of cookiecutter."""
    return [f"{question}={answer}" for question, answer in answers.items()]


def verbatim(text: str) -> str:
    """Return a Jinja expression that renders as ``text``.

    Cookiecutter renders all answers except those typed at a prompt.
    """
    escaped = text.encode("unicode_escape").decode().replace("'", r"\'")
    return f"{{{{ '{escaped}' }}}}"


def template_files() -> Iterator[Path]:
    """Yield the path of every file of the template, without build products."""
    ignore = shutil.ignore_patterns(*BUILT)
    for folder, folders, names in os.walk(TEMPLATE):
        ignored = ignore(folder, folders + names)
        folders[:] = sorted({*folders} - ignored)
        yield from (Path(folder, name) for name in sorted({*names} - ignored))


def copy_template(folder: Path, *without: str) -> Path:
    """Copy the template to ``folder``, without build products and ``without``.

    ``without`` are names or glob patterns. Return ``folder``.
    """
    ignore = shutil.ignore_patterns(*BUILT, *without)
    return Path(shutil.copytree(os.fspath(TEMPLATE), folder, ignore=ignore))


def commit_all(folder: Path) -> None:
    """Commit all files in ``folder``, which becomes a git repository if it is none."""
    for command in ("init --quiet", "add --all", "commit --quiet --message=Change"):
        run(["git", *command.split()], folder)

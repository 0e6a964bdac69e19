"""Remove empty folders and print the next steps.

Cookiecutter renders this file and runs it in the project's folder after writing all
files: https://cookiecutter.readthedocs.io/en/stable/advanced/hooks.html
"""

import os

# Cookiecutter creates all folders of the template, even those that end up empty.
FOLDERS = [
    ".github/workflows",
    ".github",
    "kubernetes",
    "src/_/static",
    "src/_/templates",
    "src/_",
    "src",
]
# The defaults in cookiecutter.json, which derives each empty one from the one before it.
DEFAULTS = {
    "project_name": "Hello",
    "project_slug": "",
    "module_name": "",
    "description": "A hello-world Flask service.",
    "full_name": "Your Name",
    "layout": "module",
    "server": "granian",
    "deploy": "none",
    "ci": "none",
    "license": "none",
}
# Characters that shells interpret differently in double quotes, and those that need none.
UNQUOTABLE = set('"$%!\\`')
PLAIN = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:")


def remove_empty_folders() -> None:
    """Remove the empty ones among FOLDERS from the current folder."""
    for folder in FOLDERS:
        try:
            os.rmdir(folder)
        except OSError:
            pass


def next_steps(answers: dict[str, str]) -> str:
    """Return the next steps, in ASCII, ending with a newline."""
    title, slug = answers["project_name"], answers["project_slug"]
    name = title if title.isascii() and len(title) <= 50 else "The project"
    folder = os.getcwd()
    if os.path.dirname(folder) == os.path.realpath(os.environ.get("PWD", "")):
        folder = slug
    where, steps = "", f"    cd {folder}\n"
    if not all(c.isascii() and (c.isalnum() or c in "/\\:._-~") for c in folder):
        # No quoting of this path works in every shell.
        where, steps = f", in its folder {slug}", ""
    last = "README.md explains how to start it without uv."
    if is_on_path("uv"):
        steps += "    uv run flask run\n"
        last = "Then open http://127.0.0.1:5000/ in a browser. README.md explains the rest."
    start = (
        f"{name} is ready. Next{where}:\n\n" if steps else f"{name} is ready{where}.\n"
    )
    return f"{start}{steps}\n{last}\n"


def same_again(answers: dict[str, str], slug: str) -> str:
    """Return the text with the command that creates the same project, or why there is none.

    The command omits defaults and ignores the user's configuration. If the user has one,
    the command needs it, for its abbreviations of URLs, and contains all answers instead.
    ``slug`` is the default slug, as ``not_by_default`` expects it.
    """
    configuration = os.path.expanduser("~/.cookiecutterrc")
    if os.path.exists(configuration) or "COOKIECUTTER_CONFIG" in os.environ:
        given = {question: answers[question] for question in DEFAULTS}
        command, why_not = command_to_bake(answers, given)
    else:
        given = not_by_default(answers, slug)
        command, why_not = command_to_bake(answers, given, "--default-config")
    if why_not:
        return f"No command to create it again is shown, because {why_not}.\n"
    return f"To create the same project again:\n{command}\n"


def not_by_default(answers: dict[str, str], slug: str) -> dict[str, str]:
    """Return the answers that can differ from the defaults of cookiecutter.json.

    ``slug`` is the slugified project name. This function does not know the taken names, so
    a default that avoids one counts as different.
    """
    slug = slug or "hello"
    names = {
        "project_slug": slug if slug[0].isalpha() else f"app-{slug}",
        "module_name": answers["project_slug"].replace("-", "_"),
    }
    return {
        question: answers[question]
        for question, default in {**DEFAULTS, **names}.items()
        if answers[question] != default
    }


# Repeated from pre_gen_project.py: cookiecutter runs each hook as a file by itself.
def command_to_bake(
    answers: dict[str, str], given: dict[str, str], *options: str
) -> tuple[str, str]:
    """Return the command that bakes with ``given`` and "", or "" and why there is none.

    The template, checkout and output folder come from ``answers``. The command works
    unchanged in bash, fish, PowerShell and Command Prompt.
    """
    template, repository = answers["_template"], answers["_repo_dir"]
    if "@" in template:
        return "", "the address of the template could contain a password"
    is_zip = template.lower().endswith(".zip")
    is_clone = any(os.path.exists(f"{repository}/{each}") for each in (".git", ".hg"))
    if not (template == repository or is_zip or is_clone):
        return "", "the template is a subfolder of its repository"
    output = answers["_output_dir"]
    if output == os.path.realpath(os.environ.get("PWD", "")):
        output = ""
    checkout = answers.get("_checkout", "")
    places = {"--checkout ": checkout, "--output-dir ": output, "": template}
    # No shell treats a slash specially, and Windows accepts it instead of a backslash.
    words = {name: path.replace(os.sep, "/") for name, path in places.items() if path}
    words |= {f"{question}=": answer for question, answer in given.items()}
    command = [cookiecutter_command(), "--no-input", *options]
    for name, text in words.items():
        if not (text.isascii() and text.isprintable()) or set(text) & UNQUOTABLE:
            return (
                "",
                f"shells differ in how to quote {name.strip('-= ') or 'template'}",
            )
        command.append(name + (text if set(text) <= PLAIN else f'"{text}"'))
    return " ".join(command), ""


def cookiecutter_command() -> str:
    """Return the command that runs cookiecutter, through uv or pipx if installed."""
    if is_on_path("uvx"):
        return "uvx cookiecutter"
    return "pipx run cookiecutter" if is_on_path("pipx") else "cookiecutter"


def is_on_path(program: str) -> bool:
    """Return whether ``program`` is in a folder on PATH."""
    file = f"{program}.exe" if os.name == "nt" else program
    folders = os.environ.get("PATH", "").split(os.pathsep)
    return any(os.access(os.path.join(folder, file), os.X_OK) for folder in folders)


def main(answers: dict[str, str], slug: str) -> None:
    """Remove empty folders, print the next steps, and delete this rendered hook.

    ``answers`` maps each question to its answer; ``slug`` is the slugified project name.
    """
    # Cookiecutter would leave this rendered copy in the temporary folder.
    os.unlink(__file__)
    remove_empty_folders()
    # Cruft, which sets no output folder, bakes into temporary folders.
    if "_output_dir" in answers:
        try:
            text = f"{next_steps(answers)}\n{same_again(answers, slug)}"
            print(text, end="", flush=True)
        except OSError:
            # Cookiecutter deletes the project if a hook fails, and Python would fail again
            # when it flushes a full or closed output at exit.
            os._exit(0)


if __name__ == "__main__":
    # These render as a dict literal of all text answers, and a string literal.
    main(
        {{"%r" | format(dict(cookiecutter.items() | selectattr("1", "string")))}},  # type: ignore
        {{"%r" | format(cookiecutter.project_name | string | slugify(max_length=46))}},  # type: ignore
    )

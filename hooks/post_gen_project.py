"""Remove empty folders, and print the next steps.

Cookiecutter renders this file and runs it in the project's folder after it has written
everything there: https://cookiecutter.readthedocs.io/en/stable/advanced/hooks.html
"""

import os

# Cookiecutter creates every folder of the template, also for files that have none here.
FOLDERS = [
    ".github/workflows",
    ".github",
    "kubernetes",
    "src/_/static",
    "src/_/templates",
    "src/_",
    "src",
]
# What cookiecutter.json has as defaults; it derives the names from each other.
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
# What the shells do not read alike in double quotes, and what they do without.
UNQUOTABLE = set('"$%!\\`')
PLAIN = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:")


def remove_empty_folders() -> None:
    """Remove those of FOLDERS that are empty from the current folder."""
    for folder in FOLDERS:
        try:
            os.rmdir(folder)
        except OSError:
            pass


def next_steps(answers: dict[str, str]) -> str:
    """Return what to type after baking, in lines of ASCII."""
    title, slug = answers["project_name"], answers["project_slug"]
    name = title if title.isascii() and len(title) <= 50 else "The project"
    folder = os.getcwd()
    if os.path.dirname(folder) == os.path.realpath(os.environ.get("PWD", "")):
        folder = slug
    where, steps = "", f"    cd {folder}\n"
    if not all(c.isascii() and (c.isalnum() or c in "/\\:._-~") for c in folder):
        # Shells differ in how to quote it.
        where, steps = f", in its folder {slug}", ""
    last = "Then start it without uv, as README.md says."
    if is_on_path("uv"):
        steps += "    uv run flask run\n"
        last = "Then open http://127.0.0.1:5000/ in a browser. README.md has the rest."
    start = (
        f"{name} is ready. Next{where}:\n\n" if steps else f"{name} is ready{where}.\n"
    )
    return f"{start}{steps}\n{last}\n"


def same_again(answers: dict[str, str], slug: str) -> str:
    """Return the command that creates the same project, or why there is none, in lines.

    It leaves defaults out and ignores configurations. Where the user has one it needs
    that, which can say what an address means, and gives all answers instead.
    """
    configuration = os.path.expanduser("~/.cookiecutterrc")
    if os.path.exists(configuration) or "COOKIECUTTER_CONFIG" in os.environ:
        given = {question: answers[question] for question in DEFAULTS}
        command, why_not = command_to_bake(answers, given)
    else:
        given = not_by_default(answers, slug)
        command, why_not = command_to_bake(answers, given, "--default-config")
    if why_not:
        return f"No command to create it again is shown, since {why_not}.\n"
    return f"To create the same project again:\n{command}\n"


def not_by_default(answers: dict[str, str], slug: str) -> dict[str, str]:
    """Return those of the answers that do not surely follow from cookiecutter.json.

    ``slug`` is what cookiecutter makes of the name. It may yet avoid a name that is taken.
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


# The same as in pre_gen_project.py: cookiecutter runs each hook by itself.
def command_to_bake(
    answers: dict[str, str], given: dict[str, str], *options: str
) -> tuple[str, str]:
    """Return the command that bakes with ``given``, or an empty text and why there is none.

    Its template and its folder are those of ``answers``. It means the same to bash, fish,
    PowerShell and Command Prompt.
    """
    template, repository = answers["_template"], answers["_repo_dir"]
    if "@" in template:
        return "", "the address of the template could hold a password"
    is_zip = template.lower().endswith(".zip")
    is_clone = any(os.path.exists(f"{repository}/{each}") for each in (".git", ".hg"))
    if not (template == repository or is_zip or is_clone):
        return "", "the template is a part of its repository"
    output = answers["_output_dir"]
    if output == os.path.realpath(os.environ.get("PWD", "")):
        output = ""
    checkout = answers.get("_checkout", "")
    places = {"--checkout ": checkout, "--output-dir ": output, "": template}
    # A slash is not special to any shell, and Windows takes it for a backslash.
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
    """Return the command that runs cookiecutter, with uv or pipx where one is installed."""
    if is_on_path("uvx"):
        return "uvx cookiecutter"
    return "pipx run cookiecutter" if is_on_path("pipx") else "cookiecutter"


def is_on_path(program: str) -> bool:
    """Return whether ``program`` is installed where commands are found."""
    file = f"{program}.exe" if os.name == "nt" else program
    folders = os.environ.get("PATH", "").split(os.pathsep)
    return any(os.access(os.path.join(folder, file), os.X_OK) for folder in folders)


def main(answers: dict[str, str], slug: str) -> None:
    """Leave no empty folder in the current one, and print what to do next."""
    # Cookiecutter would leave this rendered copy in the temporary folder.
    os.unlink(__file__)
    remove_empty_folders()
    # Cruft, which names no output folder, bakes in temporary folders to compare and update.
    if "_output_dir" in answers:
        try:
            text = f"{next_steps(answers)}\n{same_again(answers, slug)}"
            print(text, end="", flush=True)
        except OSError:
            # A full or closed output is no reason to delete the project, which an exit
            # status would be: Python prints again when it ends.
            os._exit(0)


if __name__ == "__main__":
    # Rendered, these are a dict literal of all answers that are text, and a text.
    main(
        {{"%r" | format(dict(cookiecutter.items() | selectattr("1", "string")))}},  # type: ignore
        {{"%r" | format(cookiecutter.project_name | string | slugify(max_length=46))}},  # type: ignore
    )

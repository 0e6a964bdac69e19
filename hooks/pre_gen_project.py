"""Reject answers that cannot become a working project, and obstacles in its folder.

Cookiecutter renders this file and runs it in the project's folder before writing any
file: https://cookiecutter.readthedocs.io/en/stable/advanced/hooks.html
"""

import os
import sys

if sys.version_info < (3, 10):  # noqa: UP036 - It cannot run the lines below.
    os.unlink(__file__)
    sys.exit("ERROR: the template needs Python 3.10 or newer; try uvx cookiecutter.")

Answers = dict[str, str]
# The taken names in cookiecutter.json: by questions, then by reason.
Taken = dict[str, dict[str, list[str]]]
# The paths of the files in cookiecutter.json, by the choices that add them.
Files = dict[str, list[str]]


def main(answers: Answers, taken: Taken, files: Files, settings: object) -> None:
    """Exit with one line on standard error for each problem, or print nothing.

    ``settings`` are cookiecutter's own in cookiecutter.json.
    """
    # Cookiecutter would leave this rendered copy in the temporary folder.
    os.unlink(__file__)
    import_only_the_standard_library()
    # Every cookiecutter that reads `templates/` sets `_repo_dir`; cruft sets `_commit`.
    if "_template" in answers and not {"_repo_dir", "_commit"} & {*answers}:
        sys.exit(
            f"ERROR: this cookiecutter is too old: the template needs {OLDEST_COOKIECUTTER} "
            "or newer; try uvx cookiecutter."
        )
    if checksum([taken, files, settings]) != CHECKSUM:
        sys.exit(
            "ERROR: _taken, _files, _jinja2_env_vars and _new_lines belong to the template; "
            "leave them out of the command line, the configuration and the replay file."
        )
    problems, obstacles = find_problems(answers, taken), find_obstacles(answers, files)
    if problems or obstacles:
        lines = [f"ERROR: {problem}" for problem in problems + obstacles]
        lines += how_to_repeat(answers, taken, bool(problems), bool(obstacles))
        sys.exit("\n".join(lines))


def find_problems(answers: Answers, taken: Taken) -> list[str]:
    """Return a sentence for each rejected answer.

    ``answers`` maps each question with a text answer to that answer. Where
    cookiecutter.json replaced an answer by ``_``, ``__asked_QUESTION`` has the original.
    """
    problems = []
    for question in FALLBACKS:
        answer, reason, suggestion = verdict(question, answers, taken)
        instead = "it in UTF-8" if half_character(answer) else ascii(suggestion)
        if question == "full_name":
            reason = reason or why_not_holder(answer, answers)
            if why_not_holder(suggestion, answers):
                instead = "your own name, or license 'none'"
        shown = answer if len(answer) <= 60 else answer[:57] + "..."
        if reason:
            problems.append(f"{question} {shown!a} {reason}; try {instead}.")
    for question, choices in CHOICES.items():
        answer = answers.get(question, "")
        if answer not in choices:
            expected = " or ".join(map(ascii, choices))
            problems.append(f"{question} {answer!a} is not a choice; try {expected}.")
    return problems


def verdict(
    question: str, answers: Answers, taken: Taken
) -> tuple[str, str | None, str]:
    """Return the typed answer to ``question``, why it is rejected, and a suggestion.

    The reason is None if the answer is accepted. Then it is the suggestion too, as it is
    if only the user knows which character is missing.
    """
    answer = answers.get(question, "")
    reason = why_not(question, answer, taken)
    asked = answers.get(f"__asked_{question}", answer)
    if answer == "_" and (why_not_asked := why_not(question, asked, taken)):
        answer, reason = asked, why_not_asked
    if question not in answers:
        reason = "is not text"
    if not reason or half_character(answer):
        return answer, reason, answer
    if question in NAMES:
        return answer, reason, similar_name(question, answer, taken)
    return answer, reason, similar_text(question, answer)


def why_not(question: str, answer: str, taken: Taken) -> str | None:
    """Return why ``answer`` to ``question`` is rejected, or None if it is accepted."""
    if half := half_character(answer):
        return f"contains U+{ord(half):04X}: the terminal or the file is not UTF-8"
    if question in NAMES:
        return why_not_name(question, answer, taken)
    return why_not_text(answer)


def half_character(text: str) -> str:
    """Return the first surrogate in ``text``, or "".

    Python reads bytes that are not UTF-8 as surrogates: https://peps.python.org/pep-0383/
    """
    return next((c for c in text if "\ud800" <= c <= "\udfff"), "")


def why_not_name(question: str, name: str, taken: Taken) -> str | None:
    """Return why ``name`` cannot answer ``question``, or None if it can.

    Accepted distribution names are normalized: https://peps.python.org/pep-0503/
    Python reads identifiers as NFKC, so a non-ASCII one can equal an ASCII one:
    https://docs.python.org/3/reference/lexical_analysis.html#identifiers
    """
    is_module = question == "module_name"
    if is_module and not name.isascii():
        from unicodedata import normalize

        same = normalize("NFKC", name)
        if same.isascii() and same.isidentifier():
            return f"is not ASCII, and Python reads it as {same!r}"
    is_plain = name.isascii() and name == name.lower() and name[:1].isalpha()
    if is_module and not (is_plain and name.isidentifier()):
        return "must be a-z, 0-9 and _, starting with a letter"
    if not is_module and not (is_plain and all(map(str.isalnum, name.split("-")))):
        return "must be a-z, 0-9 and single inner hyphens, starting with a letter"
    if len(name) > LONGEST_NAME:
        return TOO_LONG.format(LONGEST_NAME)
    # A module of the running Python counts as one of those in cookiecutter.json.
    is_standard = is_module and name in sys.stdlib_module_names
    for known in (name, "sys") if is_standard else (name,):
        for questions, reasons in taken.items():
            for reason, names in reasons.items():
                if question in questions.split() and known in names:
                    return reason.format(name)
    return None


def why_not_text(text: str) -> str | None:
    """Return why ``text`` cannot be part of a line in a file, or None if it can.

    Control characters and line separators break some generated file. Invisible characters
    that spelling needs, such as a zero-width joiner, do not.
    """
    for c in () if text.isascii() and text.isprintable() else text:
        from unicodedata import category, name

        point = f"contains U+{ord(c):04X} {name(c, '')}".rstrip()
        if c in BIDIRECTIONAL:
            return f"{point}, which would reorder what people read"
        if category(c) in UNPRINTABLE:
            return f"{point}, and must be one line of visible characters"
    for tag in TAGS:
        if tag in text:
            return f"contains {tag!r}, which a later update would run as code"
    if not text.strip():
        return "is empty"
    if not any(map(is_visible, text)):
        return "has no visible character"
    return None if len(text) <= LONGEST_TEXT else TOO_LONG.format(LONGEST_TEXT)


def is_visible(character: str) -> bool:
    """Return whether ``character`` is visible without a base character to combine with."""
    if character.isascii():
        return character > " "
    from unicodedata import category

    return category(character)[0] in "LNPS" and character not in BLANK


def why_not_holder(name: str, answers: Answers) -> str | None:
    """Return why ``name`` cannot hold the license of ``answers``, or None if it can."""
    license_ = answers.get("license", "none")
    is_placeholder = " ".join(name.split()).lower() == PLACEHOLDER.lower()
    if is_placeholder and license_ in CHOICES["license"] and license_ != "none":
        return f"is a placeholder, but the {license_} license names its holder"
    return None


def similar_text(question: str, text: str) -> str:
    """Return ``text`` without rejected characters, or a default if still rejected."""
    from unicodedata import category

    kept = "".join(
        " " if c in BIDIRECTIONAL or category(c) in UNPRINTABLE else c for c in text
    )
    if any(tag in kept for tag in TAGS):
        kept = kept.replace("{", " ").replace("}", " ")
    candidate = " ".join(kept.split())[:LONGEST_TEXT].rstrip()
    return FALLBACKS[question] if why_not_text(candidate) else candidate


def similar_name(question: str, name: str, taken: Taken) -> str:
    """Return an accepted name similar to ``name``."""
    from unicodedata import normalize

    separator = "_" if question == "module_name" else "-"
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = "".join(c if c.isalnum() else " " for c in plain.lower()).split()
    words = words or [FALLBACKS[question]]
    if words[0][0].isdigit():
        words.insert(0, "app")
    candidate = separator.join(words)[:LONGEST_NAME].rstrip(separator)
    if why_not(question, candidate, taken):
        candidate = candidate[: LONGEST_NAME - 4].rstrip(separator) + separator + "app"
    return candidate


def find_obstacles(answers: Answers, files: Files) -> list[str]:
    """Return a sentence for each obstacle to a bake in the current folder.

    Obstacles are paths to which a bake with ``answers`` cannot or must not write, and a
    second app. All other files and links are the user's. Cookiecutter renders the path of
    the project, too, so a Jinja tag in it is the only obstacle.
    """
    for folder in (os.getcwd(), answers.get("_output_dir", "")):
        if any(tag in folder for tag in TAGS):
            reason = "has a Jinja tag in its path, which cookiecutter would run as code"
            return [f"{ascii(folder)[1:-1]} {reason}; bake into another folder."]
    slug = answers.get("project_slug", "")
    project = os.path.join(answers.get("_output_dir", os.pardir), slug)
    obstacles = [(slug, why_not_written(project, is_folder=True))]
    if obstacles == [(slug, None)] and os.listdir():
        folders, paths = written(answers, files)
        obstacles += [(path, why_not_written(path, is_folder=True)) for path in folders]
        obstacles += [(path, why_not_written(path, is_folder=False)) for path in paths]
        reason = "would be a second app, and the project could not be built"
        obstacles += [(path, reason) for path in second_apps(answers)]
    return [
        f"{ascii(path)[1:-1]} {reason}; move it away, or bake into another folder."
        for path, reason in obstacles
        if reason
    ]


def written(answers: Answers, files: Files) -> tuple[list[str], list[str]]:
    """Return the paths of the folders and the files that a bake with ``answers`` writes.

    Cookiecutter creates the folders of all ``files``. In their keys, the name of a question
    stands for each of its choices but "none".
    """
    module = answers.get("module_name", "")
    package = "_" if answers.get("layout") == "module" else module
    chosen = {answers.get(question, "") for question in CHOICES}
    chosen |= {each for each in CHOICES if answers.get(each, "none") != "none"}
    folders, chosen_files = set[str](), list[str]()
    for needed, paths in files.items():
        for path in paths:
            path = path.format(module=module, package=package)
            chosen_files += [path] * (chosen >= {*needed.split()})
            while path := path.rpartition("/")[0]:
                folders.add(path)
    return sorted(folders), chosen_files


def why_not_written(path: str, is_folder: bool) -> str | None:
    """Return why a bake cannot write to ``path`` or must not, or None if it can."""
    # Python 3.12 is the first that recognizes a junction, a link to a folder on Windows.
    if os.path.islink(path) or getattr(os.path, "isjunction", os.path.islink)(path):
        return "is a link, and the bake would write through it"
    if not os.path.exists(path):
        return None
    kind, is_right, needed, rights = (
        ("folder", os.path.isdir, "readable and writable", os.R_OK | os.W_OK | os.X_OK)
        if is_folder
        else ("file", os.path.isfile, "writable", os.W_OK)
    )
    if not is_right(path):
        return f"exists but is not a {kind}"
    return None if os.access(path, rights) else f"is not {needed}"


def second_apps(answers: Answers) -> list[str]:
    """Return the paths where the build backend would find the module a second time.

    https://flit.pypa.io/en/stable/pyproject_toml.html#module-section
    """
    name = answers.get("module_name", "")
    own = f"{name}.py" if answers.get("layout") == "module" else f"src/{name}"
    files = filter(os.path.isfile, (f"{name}.py", f"src/{name}.py"))
    folders = filter(os.path.isdir, (name, f"src/{name}"))
    return [path for path in (*files, *folders) if path != own]


def how_to_repeat(
    answers: Answers, taken: Taken, has_problems: bool, has_obstacles: bool
) -> list[str]:
    """Return a line with the next step, and a line with its command, if any.

    Return no lines for cruft, which sets no output folder and has its own commands.
    """
    if "_output_dir" not in answers:
        return []
    given, left = corrected(answers, taken)
    steps = ["with the suggestions above"] * has_problems
    if left:
        steps = [f"{steps[0]} and your own {' and '.join(left)}"]
    steps += ["without what is in the way"] * has_obstacles
    advice = ", ".join(steps)
    # Only a folder that existed before can be unreadable.
    overwrites = not os.access(".", os.R_OK) or bool(os.listdir())
    nothing = f"Nothing was {'changed' if overwrites or has_obstacles else 'created'}."
    command, why = command_to_bake(answers, given)
    if why:
        return [f"{nothing} Bake again {advice}; no command is shown, because {why}."]
    # A hook cannot see which of the two options was given.
    options = " (add -f, or -f -s, as before)" if overwrites else ""
    return [f"{nothing} To bake again {advice}{options}:", command]


def corrected(answers: Answers, taken: Taken) -> tuple[Answers, list[str]]:
    """Return all answers with the suggestions, and the questions left to the user.

    The answers to those come last, as they are, where they are easier to replace.
    """
    given = {each: verdict(each, answers, taken)[2] for each in FALLBACKS}
    given |= {question: answers.get(question, "") for question in CHOICES}
    left = [each for each in CHOICES if given[each] not in CHOICES[each]]
    left += ["full_name"] * bool(why_not_holder(given["full_name"], answers))
    last = {each: given.pop(each) for each in left}
    return given | last, left


def command_to_bake(answers: Answers, given: Answers) -> tuple[str, str]:
    """Return the command that bakes with ``given`` and "", or "" and why there is none.

    The template, checkout and output folder come from ``answers``. The command works
    unchanged in bash, fish, PowerShell and Command Prompt.
    """
    template = answers["_template"]
    if why := why_not_repeated(template, answers["_repo_dir"]):
        return "", why
    output = answers["_output_dir"]
    if output == os.path.realpath(os.environ.get("PWD", "")):
        output = ""
    checkout = answers.get("_checkout", "")
    places = {"--checkout ": checkout, "--output-dir ": output, "": template}
    # No shell treats a slash specially, and Windows accepts it instead of a backslash.
    words = {name: path.replace(os.sep, "/") for name, path in places.items() if path}
    words |= {f"{question}=": answer for question, answer in given.items()}
    command = [cookiecutter_command(), "--no-input"]
    for name, text in words.items():
        what = name.strip("-= ") or "template"
        if half_character(text):
            return "", f"{what} is not UTF-8"
        if not (text.isascii() and text.isprintable()) or set(text) & UNQUOTABLE:
            return "", f"shells differ in how to quote {what}"
        is_plain = all(c.isalnum() or c in "_-./:" for c in text)
        command.append(name + (text if text and is_plain else f'"{text}"'))
    return " ".join(command), ""


def why_not_repeated(template: str, repository: str) -> str | None:
    """Return why no command can name ``template`` as the user did, or None if one can.

    ``repository`` is its folder on this machine.
    """
    # A local path, or the name of a template that cookiecutter has downloaded before.
    if template in (repository, os.path.basename(repository)):
        return None
    scheme, is_url, rest = template.partition("://")
    user = rest.rpartition("@")[0]
    # A token can be the user of a web address; ssh:// and git@HOST: name only a user.
    if ":" in user or (user and "http" in scheme):
        return "the address of the template could contain a password"
    prefix, colon, _ = template.partition(":")
    is_path = os.path.isabs(template) or not colon
    is_zip = template.lower().endswith(".zip")
    is_clone = any(os.path.exists(f"{repository}/{each}") for each in (".git", ".hg"))
    is_known = is_url or "@" in prefix or prefix in ("gh", "gl", "bb")
    if (is_known and (is_zip or is_clone)) or (is_path and is_zip):
        return None
    if is_known or repository.startswith(template):
        return "the template is a subfolder of its repository"
    return "only a configuration may know the address of the template"


def cookiecutter_command() -> str:
    """Return the command that runs cookiecutter, through uv or pipx if installed."""
    folders = os.environ.get("PATH", "").split(os.pathsep)
    for command in ("uvx cookiecutter", "pipx run cookiecutter"):
        file = command.split()[0] + (".exe" if os.name == "nt" else "")
        if any(os.access(os.path.join(folder, file), os.X_OK) for folder in folders):
            return command
    return "cookiecutter"


def checksum(value: object) -> int:
    """Return a number that differs if ``value``, which JSON can express, differs."""
    return int.from_bytes(ascii(value).encode(), "big") % (2**61 - 1)


def import_only_the_standard_library() -> None:
    """Remove this file's folder, the current folder and PYTHONPATH from ``sys.path``.

    A module there would run instead of Python's own. The imports at the top are safe:
    Python has already loaded those modules at start-up.
    """
    library = os.path.dirname(os.__file__)
    extensions = os.path.join(library, "lib-dynload")
    sys.path[:] = [library, extensions, os.path.join(sys.base_exec_prefix, "DLLs")]


NAMES = ("project_slug", "module_name")
# A license cannot name this holder; a template owner's own default is a real one.
PLACEHOLDER = "Your Name"
# The questions without choices, and what replaces an answer of which nothing is left.
FALLBACKS = {
    "project_name": "Hello",
    "project_slug": "hello",
    "module_name": "hello",
    "description": "A hello-world Flask service.",
    "full_name": PLACEHOLDER,
}
CHOICES = {
    "layout": ("module", "package", "service"),
    "server": ("granian", "gunicorn"),
    "deploy": ("none", "container", "kubernetes"),
    "ci": ("none", "github", "gitlab"),
    "license": ("none", "MIT", "BSD-3-Clause", "Apache-2.0"),
}
OLDEST_COOKIECUTTER = "2.4"
# Of the lists and settings in cookiecutter.json; ``make schema`` writes it.
CHECKSUM = 161068888703707915
LONGEST_NAME = 50
LONGEST_TEXT = 200
TOO_LONG = "is longer than {} characters"
# Jinja's opening tags, assembled here because Jinja renders this file too.
TAGS = ["{" + character for character in ("{", "%", "#")]
# Unicode categories: control characters, line and paragraph separators.
UNPRINTABLE = {"Cc", "Zl", "Zp"}
# Characters with the property Bidi_Control: https://www.unicode.org/reports/tr9/
BIDIRECTIONAL = set(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
# Letters and symbols without a glyph: fillers, the blank Braille cell, the null notehead.
BLANK = set("\u115f\u1160\u2800\u3164\uffa0\U00013441\U00013442\U0001d159")
# Characters that shells interpret differently in double quotes.
UNQUOTABLE = set('"$%!\\`')


if __name__ == "__main__":
    # JSON's words are Python's, except for these.
    true, false, null, NaN, Infinity = True, False, None, 0, 0
    # `repr` quotes any text as a literal, so no answer runs as code; `json` imports slowly.
    main(
        {{"%r" | format(dict(cookiecutter.items() | selectattr("1", "string")))}},  # type: ignore
        {{cookiecutter.pop("_taken", 0) | tojson}},  # type: ignore
        {{cookiecutter.pop("_files", 0) | tojson}},  # type: ignore
        {{[cookiecutter._jinja2_env_vars, cookiecutter._new_lines] | tojson}},  # type: ignore
    )

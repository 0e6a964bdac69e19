"""Reject answers that cannot become a working project, and obstacles in its folder.

Cookiecutter renders this file and runs it in the project's folder before writing any
file: https://cookiecutter.readthedocs.io/en/stable/advanced/hooks.html
"""

import os
import stat
import sys


def main(answers: dict[str, str]) -> None:
    """Exit with one line on standard error for each problem, or print nothing."""
    # Cookiecutter would leave this rendered copy in the temporary folder.
    os.unlink(__file__)
    import_only_the_standard_library()
    if too_old := find_old_cookiecutter(answers):
        sys.exit(f"ERROR: {too_old[0]}")
    problems, obstacles = find_problems(answers), find_obstacles(answers)
    if problems or obstacles:
        lines = [f"ERROR: {problem}" for problem in problems + obstacles]
        sys.exit("\n".join(lines + how_to_repeat(answers, problems, obstacles)))


def find_problems(answers: dict[str, str]) -> list[str]:
    """Return a sentence for each rejected answer.

    ``answers`` maps each question with a text answer to that answer. Where
    cookiecutter.json replaced an answer by ``_``, ``__asked_QUESTION`` has the original.
    """
    problems = []
    for variable, why_not in WHY_NOT.items():
        answer = answers.get(variable, "")
        reason = why_not(answer) if variable in answers else "is not text"
        if variable == "full_name":
            reason = reason or why_not_holder(answer, answers)
        if not reason:
            continue
        asked = answers.get(f"__asked_{variable}", answer)
        if answer == "_" and (why_not_asked := why_not(asked)):
            answer, reason = asked, why_not_asked
        similar = similar_text if variable in TEXTS else similar_name
        shown = answer if len(answer) <= 60 else answer[:57] + "..."
        suggestion = similar(variable, answer)
        instead = ascii(suggestion)
        if variable == "full_name" and why_not_holder(suggestion, answers):
            instead = "your own name, or license 'none'"
        problems.append(f"{variable} {shown!a} {reason}; try {instead}.")
    for variable, choices in CHOICES.items():
        answer = answers.get(variable, "")
        if answer not in choices:
            expected = " or ".join(map(ascii, choices))
            problems.append(f"{variable} {answer!a} is not a choice; try {expected}.")
    return problems


def why_not_project_name(text: str) -> str | None:
    """Return why a project cannot have the name ``text``, or None if it can."""
    if reason := why_not_text(text):
        return reason
    named = any(c.isalnum() and c not in BLANK for c in text)
    return None if named else "has no letter or digit"


def why_not_slug(slug: str) -> str | None:
    """Return why a project cannot have the distribution name ``slug``, or None if it can.

    Accepted names are already normalized as in PEP 503:
    https://peps.python.org/pep-0503/#normalized-names
    """
    words = slug.split("-")
    if not set(slug) <= SLUG_CHARACTERS or not all(words) or not slug[0].isalpha():
        return "must be a-z, 0-9 and single inner hyphens, starting with a letter"
    if len(slug) > LONGEST_NAME:
        return f"is longer than {LONGEST_NAME} characters"
    if slug in PACKAGES.values():
        return f"would replace the {slug} distribution that the project depends on"
    if slug in DEVICES:
        return "is a reserved device name on Windows"
    return RESERVED.get(slug)


def why_not_module(name: str) -> str | None:
    """Return why a project cannot have the module ``name``, or None if it can.

    Python normalizes identifiers to NFKC, so a non-ASCII name can equal an ASCII one:
    https://docs.python.org/3/reference/lexical_analysis.html#identifiers
    """
    from keyword import iskeyword

    if not name.isascii():
        from unicodedata import normalize

        same = normalize("NFKC", name)
        if same.isascii() and same.isidentifier():
            return f"is not ASCII, and Python reads it as {same!r}"
    if not set(name) <= MODULE_CHARACTERS or not name[:1].isalpha():
        return "must be a-z, 0-9 and _, starting with a letter"
    if len(name) > LONGEST_NAME:
        return f"is longer than {LONGEST_NAME} characters"
    if iskeyword(name):
        return "is a Python keyword"
    if name in PACKAGES:
        return f"would shadow the {name} package that the project imports"
    if name in EXTRAS:
        return f"would be mistaken for the {name} package by the production server"
    if name in STANDARD_LIBRARY or name in sys.stdlib_module_names:
        return f"would shadow the {name} module of Python's standard library"
    if name in START_UP:
        return "is a module that Python imports at start-up"
    if name in OPTIONAL:
        return "is a module that Python looks for when a server starts"
    if name in PROJECT_FILES:
        return "is the name of another file in the project"
    if name in LATER_FOLDERS:
        return "is a folder that Flask or a build tool creates"
    if name in DEVICES:
        return "is a reserved device name on Windows"
    return None


def why_not_text(text: str) -> str | None:
    """Return why ``text`` cannot be part of a line in a file, or None if it can.

    Control characters, line separators and lone surrogates break some generated file.
    Invisible characters that spelling needs, such as a zero-width joiner, do not.
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
    return None if any(map(is_visible, text)) else "has no visible character"


def is_visible(character: str) -> bool:
    """Return whether ``character`` is visible without a base character to combine with."""
    if character.isascii():
        return character > " "
    from unicodedata import category

    return category(character)[0] in "LNPS" and character not in BLANK


def why_not_holder(name: str, answers: dict[str, str]) -> str | None:
    """Return why ``name`` cannot hold the license of ``answers``, or None if it can."""
    license_ = answers.get("license", "none")
    if name == PLACEHOLDER and license_ in CHOICES["license"] and license_ != "none":
        return f"is a placeholder, but the {license_} license names its holder"
    return None


def similar_text(variable: str, text: str) -> str:
    """Return ``text`` without rejected characters, or the default if still rejected."""
    from unicodedata import category

    kept = "".join(
        " " if c in BIDIRECTIONAL or category(c) in UNPRINTABLE else c for c in text
    )
    if any(tag in kept for tag in TAGS):
        kept = kept.replace("{", " ").replace("}", " ")
    candidate = " ".join(kept.split())
    return TEXTS[variable] if WHY_NOT[variable](candidate) else candidate


def similar_name(variable: str, name: str) -> str:
    """Return an accepted name similar to ``name``."""
    from unicodedata import normalize

    separator = "_" if variable == "module_name" else "-"
    plain = normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = "".join(c if c.isalnum() else " " for c in plain.lower()).split()
    words = words or ["hello"]
    if words[0][0].isdigit():
        words.insert(0, "app")
    candidate = separator.join(words)[:LONGEST_NAME].rstrip(separator)
    if WHY_NOT[variable](candidate):
        candidate = candidate[: LONGEST_NAME - 4].rstrip(separator) + separator + "app"
    return candidate


def find_obstacles(answers: dict[str, str]) -> list[str]:
    """Return a sentence for each obstacle to a bake in the current folder.

    Obstacles are paths to which a bake with ``answers`` cannot or must not write, and a
    second app. All other files and links are the user's.
    """
    slug = answers.get("project_slug", "")
    project = os.path.join(answers.get("_output_dir", os.pardir), slug)
    obstacles = [(slug, why_not_written(project, is_folder=True))]
    if os.listdir():
        folders, files = written(answers)
        obstacles += [(path, why_not_written(path, is_folder=True)) for path in folders]
        obstacles += [(path, why_not_written(path, is_folder=False)) for path in files]
        reason = "would be a second app, and the project could not be built"
        obstacles += [(path, reason) for path in second_apps(answers)]
    return [
        f"{ascii(path)[1:-1]} {reason}; move it away, or bake into another folder."
        for path, reason in obstacles
        if reason
    ]


def written(answers: dict[str, str]) -> tuple[list[str], list[str]]:
    """Return the paths of the folders and the files that a bake with ``answers`` writes."""
    module = answers.get("module_name", "")
    package = module if answers.get("layout") == "package" else "_"
    files = [FILES.get(answers.get(question, ""), "") for question in CHOICES]
    deployed = answers.get("deploy") in ("container", "kubernetes")
    if answers.get("ci") == "github" and deployed:
        files.append(PUBLISHING)
    if answers.get("layout") == "package" and deployed:
        files.append("log.json")
    return (
        FOLDERS.format(package=package).split(),
        " ".join([EVERY_PROJECT, *files])
        .format(module=module, package=package)
        .split(),
    )


def why_not_written(path: str, is_folder: bool) -> str | None:
    """Return why a bake cannot write to ``path`` or must not, or None if it can."""
    try:
        status = os.lstat(path)
    except OSError:  # Nothing exists at this path.
        return None
    if stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) == JUNCTION:
        return "is a link, and the bake would write through it"
    if is_folder and not stat.S_ISDIR(status.st_mode):
        return "exists but is not a folder"
    if not is_folder and not stat.S_ISREG(status.st_mode):
        return "exists but is not a file"
    if not is_folder and status.st_nlink > 1:
        return "is a hard link, and the bake would change its other names too"
    return None if os.access(path, os.W_OK) else "is not writable"


def second_apps(answers: dict[str, str]) -> list[str]:
    """Return the paths where the build backend would find the module a second time.

    https://flit.pypa.io/en/stable/pyproject_toml.html#module-section
    """
    module = answers.get("module_name", "")
    file, folder = f"{module}.py", f"src/{module}"
    own = folder if answers.get("layout") == "package" else file
    files = [path for path in (file, f"src/{file}") if os.path.isfile(path)]
    folders = [path for path in (module, folder) if os.path.isdir(path)]
    return [path for path in files + folders if path != own]


def how_to_repeat(
    answers: dict[str, str], problems: list[str], obstacles: list[str]
) -> list[str]:
    """Return a line with the next step, and a line with its command, if any.

    Return no lines for cruft, which sets no output folder and has its own commands.
    """
    if "_output_dir" not in answers:
        return []
    advice = {
        (True, False): "with the suggestions above",
        (False, True): "after moving them",
        (True, True): "with the suggestions above, after moving what is in the way",
    }[bool(problems), bool(obstacles)]
    overwrites = bool(os.listdir())
    nothing = f"Nothing was {'changed' if overwrites or obstacles else 'created'}."
    command, why_not = command_to_bake(answers, corrected(answers))
    if why_not:
        return [
            f"{nothing} Bake again {advice}; no command is shown, because {why_not}."
        ]
    # A hook cannot see which of the two options was given.
    options = " (add -f, or -f -s, as before)" if overwrites else ""
    return [f"{nothing} To bake again {advice}{options}:", command]


def corrected(answers: dict[str, str]) -> dict[str, str]:
    """Return all answers, each rejected one replaced by a suggestion."""
    right = {}
    for variable, why_not in WHY_NOT.items():
        answer = answers.get(variable, "")
        asked = answers.get(f"__asked_{variable}", answer) if answer == "_" else answer
        similar = similar_text if variable in TEXTS else similar_name
        right[variable] = similar(variable, asked) if why_not(answer) else answer
    for variable, choices in CHOICES.items():
        answer = answers.get(variable, "")
        right[variable] = answer if answer in choices else choices[0]
    if why_not_holder(right["full_name"], right):
        right["license"] = "none"
    return right


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


def find_old_cookiecutter(answers: dict[str, str]) -> list[str]:
    """Return a sentence if cookiecutter is too old to read ``templates/``, or no sentence.

    Every version that reads it sets ``_repo_dir``. Cruft, which depends on such a version,
    sets ``_commit``.
    """
    if "_template" not in answers or {"_repo_dir", "_commit"} & set(answers):
        return []
    return [
        f"this cookiecutter is too old: the template needs {OLDEST_COOKIECUTTER} or newer; "
        "try uvx cookiecutter."
    ]


def import_only_the_standard_library() -> None:
    """Remove this file's folder, the current folder and PYTHONPATH from ``sys.path``.

    A module there would run instead of Python's own. The imports at the top are safe:
    Python has already loaded those modules at start-up.
    """
    library = os.path.dirname(os.__file__)
    extensions = os.path.join(library, "lib-dynload")
    sys.path[:] = [library, extensions, os.path.join(sys.base_exec_prefix, "DLLs")]


WHY_NOT = {
    "project_name": why_not_project_name,
    "project_slug": why_not_slug,
    "module_name": why_not_module,
    "description": why_not_text,
    "full_name": why_not_text,
}
TEXTS = {
    "project_name": "Hello",
    "description": "A hello-world Flask service.",
    "full_name": "Your Name",
}
# Only this value: a template owner's own default is a real holder.
PLACEHOLDER = "Your Name"
CHOICES = {
    "layout": ("module", "package"),
    "server": ("granian", "gunicorn"),
    "deploy": ("none", "container", "kubernetes"),
    "ci": ("none", "github", "gitlab"),
    "license": ("none", "MIT", "BSD-3-Clause", "Apache-2.0"),
}
# The paths in a project: the folders, which cookiecutter creates for all answers, the files
# of every project, and the files of each answer.
FOLDERS = """
.github .github/workflows kubernetes tests
src src/{package} src/{package}/static src/{package}/templates
"""
EVERY_PROJECT = ".flaskenv .gitignore DEPLOY.md README.md pyproject.toml"
CONTAINER = " .dockerignore Dockerfile compose.yaml"
FILES = {
    "module": " {module}.py tests/test_{module}.py",
    "package": """
src/{package}/__init__.py src/{package}/request_log.py src/{package}/views.py
src/{package}/static/icon.svg src/{package}/static/style.css
src/{package}/templates/base.html src/{package}/templates/error.html
src/{package}/templates/index.html
tests/conftest.py tests/test_create_app.py tests/test_request_log.py tests/test_views.py
""",
    "container": CONTAINER,
    "kubernetes": CONTAINER
    + """
kubernetes/deployment.yaml kubernetes/horizontalpodautoscaler.yaml
kubernetes/kustomization.yaml kubernetes/networkpolicy.yaml
kubernetes/poddisruptionbudget.yaml kubernetes/service.yaml
""",
    "github": " .github/dependabot.yml .github/workflows/ci.yml",
    "gitlab": " .gitlab-ci.yml",
    "MIT": " LICENSE",
    "BSD-3-Clause": " LICENSE",
    "Apache-2.0": " LICENSE",
}
PUBLISHING = " .github/workflows/publish.yml"
OLDEST_COOKIECUTTER = "2.4"
# stat.IO_REPARSE_TAG_MOUNT_POINT, which exists only on Windows.
JUNCTION = 0xA0000003
LONGEST_NAME = 50
# Jinja's opening tags, assembled here because Jinja renders this file too.
TAGS = ["{" + character for character in ("{", "%", "#")]
# Unicode categories: control characters, surrogates, line and paragraph separators.
UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}
# Characters with the property Bidi_Control: https://www.unicode.org/reports/tr9/
BIDIRECTIONAL = set(
    "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
# Letters and symbols without a glyph: fillers, the blank Braille cell, the null notehead.
BLANK = set("\u115f\u1160\u2800\u3164\uffa0\U00013441\U00013442\U0001d159")
# Characters that shells interpret differently in double quotes, and those that need none.
UNQUOTABLE = set('"$%!\\`')
PLAIN = set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:")
LETTERS_AND_DIGITS = "abcdefghijklmnopqrstuvwxyz0123456789"
MODULE_CHARACTERS = set(LETTERS_AND_DIGITS + "_")
SLUG_CHARACTERS = set(LETTERS_AND_DIGITS + "-")
# Import name: distribution. Everything that a project's virtual environment can contain, on
# any system and Python; tests/answers/test_reserved_names.py installs it and compares.
PACKAGES = {
    "blinker": "blinker",
    "click": "click",
    "colorama": "colorama",
    "dotenv": "python-dotenv",
    "flask": "flask",
    "granian": "granian",
    "gunicorn": "gunicorn",
    "iniconfig": "iniconfig",
    "itsdangerous": "itsdangerous",
    "jinja2": "jinja2",
    "markupsafe": "markupsafe",
    "packaging": "packaging",
    "pip": "pip",
    "pkg_resources": "setuptools",
    "pluggy": "pluggy",
    "py": "pytest",
    "pygments": "pygments",
    "pytest": "pytest",
    "pythonjsonlogger": "python-json-logger",
    "ruff": "ruff",
    "setuptools": "setuptools",
    "werkzeug": "werkzeug",
}
# Optional packages that Granian imports if installed.
EXTRAS = {"rloop", "setproctitle", "uvloop", "winloop"}
# https://docs.python.org/3/library/site.html
START_UP = {"sitecustomize", "usercustomize"}
# Jython's package: copy and pickle of Python 3.11 try to import it. Further names of this
# kind fail tests/answers/test_name_trace.py.
OPTIONAL = {"org"}
# Modules and folders of either layout.
PROJECT_FILES = {
    "conftest",
    "kubernetes",
    "src",
    "test_create_app",
    "test_request_log",
    "test_views",
    "tests",
}
# Once such a folder exists, the build backend finds a module of that name twice;
# tests/answers/test_name_trial.py creates the folders.
LATER_FOLDERS = {"build", "dist", "htmlcov", "instance", "static", "templates"}
# A slug also names a Kubernetes Service and an image.
RESERVED = {
    "kubernetes": "is the name of the API server's own Service in a Kubernetes cluster",
    "scratch": "is a name of an image that Docker reserves",
}
# https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
DEVICES = {"aux", "con", "nul", "prn"} | {
    device + digit for device in ("com", "lpt") for digit in "123456789"
}
# All modules of Python 3.11 to 3.15 whose names start with a letter;
# tests/answers/test_reserved_names.py collects and compares them.
STANDARD_LIBRARY = set(
    """
abc aifc annotationlib antigravity argparse array ast asynchat asyncio asyncore atexit
audioop base64 bdb binascii bisect builtins bz2 calendar cgi cgitb chunk cmath cmd code
codecs codeop collections colorsys compileall compression concurrent configparser
contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses datetime dbm
decimal difflib dis distutils doctest email encodings ensurepip enum errno faulthandler
fcntl filecmp fileinput fnmatch fractions ftplib functools gc genericpath getopt getpass
gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib imaplib imghdr imp
importlib inspect io ipaddress itertools json keyword lib2to3 linecache locale logging
lzma mailbox mailcap marshal math mimetypes mmap modulefinder msilib msvcrt
multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode operator optparse
os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform plistlib poplib
posix posixpath pprint profile profiling pstats pty pwd py_compile pyclbr pydoc
pydoc_data pyexpat queue quopri random re readline reprlib resource rlcompleter runpy
sched secrets select selectors shelve shlex shutil signal site smtpd smtplib sndhdr
socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl stat statistics
string stringprep struct subprocess sunau symtable sys sysconfig syslog tabnanny tarfile
telnetlib tempfile termios test textwrap this threading time timeit tkinter token
tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types typing
unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg
winsound wsgiref xdrlib xml xmlrpc xxlimited xxlimited_35 xxlimited_3_13 xxsubtype
zipapp zipfile zipimport zlib zoneinfo
""".split()
)


if __name__ == "__main__":
    # `repr` quotes any text as a literal, so no answer runs as code; `json` imports slowly.
    main({{"%r" | format(dict(cookiecutter.items() | selectattr("1", "string")))}})  # type: ignore

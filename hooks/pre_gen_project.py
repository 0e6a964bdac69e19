"""Refuse answers that cannot become a working project.

Cookiecutter renders this file and runs it in the project's folder before it writes
anything there: https://cookiecutter.readthedocs.io/en/stable/advanced/hooks.html
"""

import keyword
import os
import sys
import unicodedata

TEXTS = {
    "project_name": "Hello",
    "description": "A hello-world Flask service.",
    "full_name": "Your Name",
    "email": "you@example.com",
}
CHOICES = {
    "layout": ("module", "package"),
    "server": ("granian", "gunicorn"),
    "deploy": ("none", "container", "kubernetes"),
    "ci": ("none", "github", "gitlab"),
    "license": ("none", "MIT", "BSD-3-Clause", "Apache-2.0"),
}
# Deleted by post_gen_project.py where the answer is none, and common elsewhere too.
OWN_FILES = {
    "deploy": [".dockerignore", "Dockerfile", "compose.yaml"],
    "ci": [".github/dependabot.yml", ".github/workflows/ci.yml", ".gitlab-ci.yml"],
    "license": ["LICENSE"],
}
LONGEST_NAME = 50
SLUG_CHARACTERS = set("abcdefghijklmnopqrstuvwxyz0123456789-")
ADDRESS_CHARACTERS = SLUG_CHARACTERS | set(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ!#$%&'*+/=?^_`{|}~"
)

# Import name: distribution. All that the project's virtual environment can hold, on any
# system and Python; tests/answers/test_reserved_names.py installs it again and compares.
PACKAGES = {
    "_distutils_hack": "setuptools",
    "_pytest": "pytest",
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
# What Granian uses where it is installed.
EXTRAS = {"rloop", "setproctitle", "uvloop", "winloop"}
# https://docs.python.org/3/library/site.html
START_UP = {"sitecustomize", "usercustomize"}
# Files of one layout or the other; test_NAME.py is where the tests of a module NAME go.
PROJECT_FILES = {
    "__init__",
    "__pycache__",
    "conftest",
    "create_app",
    "kubernetes",
    "request_log",
    "src",
    "test_create_app",
    "test_request_log",
    "test_views",
    "tests",
    "views",
}
# https://learn.microsoft.com/en-us/windows/win32/fileio/naming-a-file
DEVICES = {"aux", "con", "nul", "prn"} | {
    device + digit for device in ("com", "lpt") for digit in "123456789"
}
# All modules of Python 3.11 to 3.15; tests/answers/test_reserved_names.py collects them again.
STANDARD_LIBRARY = set(
    """
__future__ __hello__ __main__ __phello__ _abc _aix_support _android_support
_apple_support _ast _ast_unparse _asyncio _bisect _blake2 _bootsubprocess _bz2 _codecs
_codecs_cn _codecs_hk _codecs_iso2022 _codecs_jp _codecs_kr _codecs_tw _collections
_collections_abc _colorize _compat_pickle _compression _contextvars _crypt _csv _ctypes
_ctypes_test _curses _curses_panel _datetime _dbm _decimal _distutils_system_mod
_elementtree _frozen_importlib _frozen_importlib_external _functools _gdbm _hashlib
_heapq _hmac _imp _interpchannels _interpqueues _interpreters _io _ios_support _json
_locale _lsprof _lzma _markupbase _math_integer _md5 _missing_stdlib_info _msi
_multibytecodec _multiprocessing _opcode _opcode_metadata _operator _osx_support
_overlapped _pickle _posixshmem _posixsubprocess _py_abc _py_warnings _pydatetime
_pydecimal _pyio _pylong _pyrepl _queue _random _remote_debugging _scproxy _sha1 _sha2
_sha256 _sha3 _sha512 _signal _sitebuiltins _socket _sqlite3 _sre _ssl _stat _statistics
_string _strptime _struct _suggestions _symtable _sysconfig _testbuffer _testcapi
_testclinic _testclinic_limited _testexternalinspection _testimportmultiple
_testinternalcapi _testlimitedcapi _testmultiphase _testsinglephase _thread
_threading_local _tkinter _tokenize _tracemalloc _types _typing _uuid _warnings _weakref
_weakrefset _winapi _wmi _xxinterpchannels _xxsubinterpreters _xxtestfuzz _zoneinfo
_zstd abc aifc annotationlib antigravity argparse array ast asynchat asyncio asyncore
atexit audioop base64 bdb binascii bisect builtins bz2 calendar cgi cgitb chunk cmath
cmd code codecs codeop collections colorsys compileall compression concurrent
configparser contextlib contextvars copy copyreg crypt csv ctypes curses dataclasses
datetime dbm decimal difflib dis distutils doctest email encodings ensurepip enum errno
faulthandler fcntl filecmp fileinput fnmatch fractions ftplib functools gc genericpath
getopt getpass gettext glob graphlib grp gzip hashlib heapq hmac html http idlelib
imaplib imghdr imp importlib inspect io ipaddress itertools json keyword lib2to3
linecache locale logging lzma mailbox mailcap marshal math mimetypes mmap modulefinder
msilib msvcrt multiprocessing netrc nis nntplib nt ntpath nturl2path numbers opcode
operator optparse os ossaudiodev pathlib pdb pickle pickletools pipes pkgutil platform
plistlib poplib posix posixpath pprint profile profiling pstats pty pwd py_compile
pyclbr pydoc pydoc_data pyexpat queue quopri random re readline reprlib resource
rlcompleter runpy sched secrets select selectors shelve shlex shutil signal site smtpd
smtplib sndhdr socket socketserver spwd sqlite3 sre_compile sre_constants sre_parse ssl
stat statistics string stringprep struct subprocess sunau symtable sys sysconfig syslog
tabnanny tarfile telnetlib tempfile termios test textwrap this threading time timeit
tkinter token tokenize tomllib trace traceback tracemalloc tty turtle turtledemo types
typing unicodedata unittest urllib uu uuid venv warnings wave weakref webbrowser winreg
winsound wsgiref xdrlib xml xmlrpc xxlimited xxlimited_35 xxlimited_3_13 xxsubtype
zipapp zipfile zipimport zlib zoneinfo
""".split()
)


def why_not_module(name: str) -> str | None:
    """Return why a project cannot have the module ``name``, or None if it can.

    Identifiers are compared in the form NFKC, as Python does when it imports:
    https://docs.python.org/3/reference/lexical_analysis.html#identifiers
    """
    plain = unicodedata.normalize("NFKC", name)
    if plain != name and plain.isascii() and plain.isidentifier():
        return f"is not ASCII, and the same as {plain!r} to Python"
    if not (name.isascii() and name.isidentifier() and name == name.lower()):
        return "is not a lower-case ASCII identifier (a-z, 0-9 and _, no digit first)"
    if len(name) > LONGEST_NAME:
        return f"is longer than {LONGEST_NAME} characters"
    if keyword.iskeyword(name):
        return "is a keyword of Python"
    if name in PACKAGES:
        return f"would hide the {name} package that the project imports"
    if name in EXTRAS:
        return f"would be taken for the {name} package by the production server"
    if name in STANDARD_LIBRARY or name in sys.stdlib_module_names:
        return f"would hide the {name} module of Python's standard library"
    if name in START_UP:
        return "is the name of a module that Python imports when it starts"
    if name in PROJECT_FILES:
        return "is the name of another file of the project"
    if name in DEVICES:
        return "is the name of a device on Windows"
    return None


def why_not_slug(slug: str) -> str | None:
    """Return why a project cannot have the distribution name ``slug``, or None if it can.

    Distribution names are compared in the form of PEP 503:
    https://peps.python.org/pep-0503/#normalized-names
    """
    if not set(slug) <= SLUG_CHARACTERS or not slug[:1].isalpha() or slug.endswith("-"):
        return "is not made of a-z, 0-9 and inner hyphens with a letter first"
    if len(slug) > LONGEST_NAME:
        return f"is longer than {LONGEST_NAME} characters"
    distribution = "-".join(filter(None, slug.split("-")))
    if distribution in PACKAGES.values():
        return f"would take the place of the {distribution} distribution that the project needs"
    if slug in DEVICES:
        return "is the name of a device on Windows"
    return None


def why_not_text(text: str) -> str | None:
    """Return why ``text`` cannot stand on one line of a file, or None if it can."""
    if not text.isprintable():
        return "is not one line of printable characters"
    if not text.strip():
        return "is empty"
    return None


def why_not_project_name(text: str) -> str | None:
    """Return why a project cannot be called ``text``, or None if it can."""
    if text.isprintable() and not any(map(str.isalnum, text)):
        return "has no letter or digit"
    return why_not_text(text)


def why_not_email(text: str) -> str | None:
    """Return why ``text`` cannot be the e-mail address of an author, or None if it can.

    It has to be a plain address, or no installer can build the project:
    https://packaging.python.org/en/latest/specifications/pyproject-toml/#authors-maintainers
    https://www.rfc-editor.org/rfc/rfc5322#section-3.4.1
    """
    local, at, domain = text.partition("@")
    parts = local.split(".") + domain.split(".")
    if at and all(parts) and set("".join(parts)) <= ADDRESS_CHARACTERS:
        return None
    return why_not_text(text) or "is not a plain e-mail address"


WHY_NOT = {
    "project_name": why_not_project_name,
    "project_slug": why_not_slug,
    "module_name": why_not_module,
    "description": why_not_text,
    "full_name": why_not_text,
    "email": why_not_email,
}


def similar_text(variable: str, text: str) -> str:
    """Return ``text`` without what is refused in it, or the default."""
    printable = "".join(c if c.isprintable() else " " for c in text)
    candidate = " ".join(printable.split())
    return TEXTS[variable] if WHY_NOT[variable](candidate) else candidate


def similar_name(variable: str, name: str) -> str:
    """Return a name that looks like ``name`` and is accepted."""
    separator = "_" if variable == "module_name" else "-"
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    words = "".join(c if c.isalnum() else " " for c in plain.lower()).split()
    words = words or ["hello"]
    if words[0][0].isdigit():
        words.insert(0, "app")
    candidate = separator.join(words)[:LONGEST_NAME].rstrip(separator)
    if WHY_NOT[variable](candidate):
        candidate = candidate[: LONGEST_NAME - 4].rstrip(separator) + separator + "app"
    return candidate


def find_problems(answers: dict[str, str]) -> list[str]:
    """Return a sentence for each of the ``answers`` that is refused.

    ``answers`` maps each question that was answered with text to its answer, and
    ``__asked_slug`` to the slug before cookiecutter.json put a harmless one in its place.
    """
    problems = []
    for variable, why_not in WHY_NOT.items():
        answer = answers.get(variable, "")
        reason = why_not(answer) if variable in answers else "is not text"
        if not reason:
            continue
        # What cookiecutter.json puts in the place of a slug ends with an underscore.
        asked = answers.get("__asked_slug", "")
        if variable == "project_slug" and answer.endswith("_") and why_not(asked):
            answer, reason = asked, why_not(asked)
        similar = similar_text if variable in TEXTS else similar_name
        shown = answer if len(answer) <= 60 else answer[:57] + "..."
        problems.append(
            f"{variable} {shown!a} {reason}; try {similar(variable, answer)!a}."
        )
    for variable, choices in CHOICES.items():
        answer = answers.get(variable, "")
        if answer not in choices:
            expected = " or ".join(map(ascii, choices))
            problems.append(f"{variable} {answer!a} is not a choice; try {expected}.")
    return problems


def find_losses(answers: dict[str, str]) -> list[str]:
    """Return a sentence for each file in the current folder that ``answers`` rule out."""
    return [
        f"{question} 'none' would delete the {path} that is there; move it away first."
        for question, paths in OWN_FILES.items()
        for path in paths
        if answers.get(question) == "none" and os.path.isfile(path)
    ]


def main() -> None:
    """Exit with one line on standard error for each problem, or say nothing."""
    answers: dict[str, str]
    answers = {{"%r" | format(dict(cookiecutter.items() | selectattr("1", "string")))}}  # type: ignore[assignment, name-defined, operator]
    # Cookiecutter would leave this rendered copy in the temporary folder.
    os.unlink(__file__)
    problems = find_problems(answers) + find_losses(answers)
    if problems:
        sys.exit("\n".join(f"ERROR: {problem}" for problem in problems))


if __name__ == "__main__":
    main()

"""What the template asks, and the projects that it makes."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from itertools import combinations, product
from pathlib import Path

from uv import find_uv_bin

TEMPLATE = Path(__file__).parent.parent
QUESTIONS = json.loads((TEMPLATE / "cookiecutter.json").read_text(encoding="utf-8"))
ASKED = [question for question in QUESTIONS if not question.startswith("_")]
CHOICES = {
    question: QUESTIONS[question]
    for question in ASKED
    if isinstance(QUESTIONS[question], list)
}
VARIANTS = [
    dict(zip(CHOICES, answers, strict=True)) for answers in product(*CHOICES.values())
]


def covering(variants):
    """Return a few of the ``variants`` in which each pair of answers occurs.

    Each in turn is the one with the most pairs that do not occur yet.
    """

    def pairs(variant):
        return set(combinations(variant.items(), 2))

    missing = set().union(*map(pairs, variants))
    chosen = []
    while missing:
        chosen.append(max(variants, key=lambda variant: len(pairs(variant) & missing)))
        missing -= pairs(chosen[-1])
    return chosen


COVERING = covering(VARIANTS)
DEFAULT = VARIANTS[0]
FULLEST = {
    "layout": "package",
    "server": "granian",
    "deploy": "kubernetes",
    "ci": "github",
    "license": "Apache-2.0",
}
LAYOUTS = CHOICES["layout"]
LONGEST = "a" + "bcdefghi_" * 5 + "jklm"
COOKIECUTTER = [sys.executable, "-m", "cookiecutter"]
GREETING = "Hello, World!"
PYTHON = sys._base_executable
WINDOWS = sys.platform == "win32"
LINUX = sys.platform == "linux"
SCRIPTS = "Scripts" if WINDOWS else "bin"


def name_of(variant):
    """Return what a variant is called in a report."""
    return "-".join(variant.values())


def copy_template(folder, *without):
    """Copy the template, less what is built in it and the names ``without``, to a folder."""
    built = (".*_cache", ".git", ".hypothesis", ".venv", "__pycache__", "build")
    ignore = shutil.ignore_patterns(*built, *without)
    return shutil.copytree(TEMPLATE, folder, ignore=ignore)


def on_command_line(answers):
    """Return ``answers`` as cookiecutter takes them on its command line."""
    return [f"{question}={answer}" for question, answer in answers.items()]


def verbatim(text):
    """Return Jinja that renders as ``text``.

    Cookiecutter renders the answers that it is given in any way but at a prompt.
    """
    escaped = text.encode("unicode_escape").decode().replace("'", r"\'")
    return f"{{{{ '{escaped}' }}}}"


def outside_path(*folders):
    """Return the PATH of a user of the template, with ``folders`` before it.

    The virtual environment that these tests run in comes last, so that only what the user
    does not have is found there, which is uv.
    """
    tests_scripts = str(Path(sys.prefix) / SCRIPTS)
    path = [folder for folder in os.get_exec_path() if folder != tests_scripts]
    return os.pathsep.join([*map(str, folders), *path, tests_scripts])


def outside_environment(**variables):
    """Return the environment variables of a user of the template, with ``variables``."""
    mine = (
        "FLASK_",
        "GRANIAN_",
        "GUNICORN_",
        "MAKE",
        "PYTEST_",
        "PYTHON",
        "VIRTUAL_ENV",
        "WEB_CONCURRENCY",
    )
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith(mine)
    }
    return {
        **inherited,
        "PATH": outside_path(),
        "PYTHONUTF8": "1",
        "UV_PYTHON": PYTHON,
        "UV_PYTHON_DOWNLOADS": "never",
        **variables,
    }


def site_packages(environment):
    """Return the folder of packages of the virtual environment ``environment``."""
    pattern = "Lib/site-packages" if WINDOWS else "lib/python*/site-packages"
    (folder,) = environment.glob(pattern)
    return folder


def tool(name):
    """Return the path of a command in the virtual environment of these tests."""
    return Path(sys.prefix) / SCRIPTS / name


def with_uv(command):
    """Return ``command`` with the path of uv in the place of its name."""
    return [find_uv_bin(), *command[1:]] if command[0] == "uv" else command


def run(command, folder, **options):
    """Run ``command`` in ``folder`` as ``attempt`` does and return its standard output.

    Raise AssertionError, with all that it printed, if its exit status is not 0.
    """
    result = attempt(command, folder, **options)
    assert result.returncode == 0, f"{command}: {result.stdout}{result.stderr}"
    return result.stdout


def attempt(command, folder, typed="", **variables):
    """Run ``command`` in ``folder`` and return the CompletedProcess, however it ends.

    ``typed`` is what it reads from standard input.
    """
    return subprocess.run(
        with_uv(command),
        cwd=folder,
        env=outside_environment(**variables),
        input=typed,
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )


def free_port():
    """Return a port of this machine that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Response:
    """An answer to an HTTP request."""

    status: int
    text: str
    headers: dict[str, str]


@dataclass
class Server:
    """A server process that answers at ``url``."""

    process: subprocess.Popen
    url: str
    log: Path

    @property
    def port(self):
        """The port that it listens on."""
        return int(self.url.rpartition(":")[2])

    def get(self, path="/", method="GET", body=None, headers=()):
        """Return the Response to a request, error statuses included."""
        url = self.url + path
        asked = urllib.request.Request(url, body, dict(headers), method=method)  # noqa: S310
        try:
            answer = urllib.request.urlopen(asked, timeout=10)  # noqa: S310
        except urllib.error.HTTPError as error:
            answer = error
        with answer:
            text = answer.read().decode()
            return Response(answer.status, text, dict(answer.headers.items()))

    def wait_for(self, condition, seconds=30):
        """Return the first Response to ``GET /`` that meets ``condition``.

        Raise AssertionError, with what the server printed, if it ends or takes too long.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
            try:
                response = self.get()
            except (OSError, HTTPException):  # It may end while it answers.
                response = None
            if response and condition(response):
                return response
            time.sleep(0.005)
        raise AssertionError(self.log.read_text(encoding="utf-8"))


@contextmanager
def serving(command, folder, port=None, **variables):
    """Run the server ``command`` in ``folder`` and yield it when it answers.

    It is told a free port by ``FLASK_RUN_PORT``, unless ``port`` says which one it takes.
    """
    variables["FLASK_RUN_PORT"] = str(port or free_port())
    log = folder / "server.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            with_uv(command),
            cwd=folder,
            env=outside_environment(**variables),
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    server = Server(process, f"http://127.0.0.1:{variables['FLASK_RUN_PORT']}", log)
    try:
        server.wait_for(lambda response: True)
        yield server
    finally:
        stop(process)


def stop(process):
    """End ``process`` and all that it started."""
    if WINDOWS:
        kill = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(kill, check=False)
    else:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=30)


@dataclass
class Project:
    """A baked project in ``folder``, made with ``answers``."""

    folder: Path
    answers: dict[str, str] = field(default_factory=dict)

    @property
    def name(self):
        """The name of the module that one imports."""
        return self.answers["module_name"]

    @property
    def view(self):
        """The Python file with the function that answers at ``/``."""
        if self.answers["layout"] == "module":
            return self.folder / f"{self.name}.py"
        return self.folder / "src" / self.name / "views.py"

    def change(self, path, old, new):
        """Replace the first ``old`` in the file ``path`` by ``new``."""
        before, found, after = self.read(path).partition(old)
        assert found
        (self.folder / path).write_text(before + new + after, encoding="utf-8")

    def files(self):
        """Return the paths of all files, relative to the project, with slashes."""
        return {
            path.relative_to(self.folder).as_posix()
            for path in self.folder.rglob("*")
            if path.is_file()
        }

    def folders(self):
        """Return the paths of all folders in it."""
        return [path for path in self.folder.rglob("*") if path.is_dir()]

    def read(self, path):
        """Return the text of the file ``path``, its line endings as they are."""
        return (self.folder / path).read_bytes().decode("utf-8")

    def texts(self):
        """Return the text of each of the ``files``, by path."""
        return {path: self.read(path) for path in self.files()}

    def copy(self, folder):
        """Copy the project, not installed, to a new ``folder`` and return the copy."""
        shutil.copytree(self.folder, folder, ignore=shutil.ignore_patterns(".venv"))
        return Project(folder, self.answers)

    def install(self):
        """Install it with uv, as its README says, and return the folder of its commands."""
        run(["uv", "sync", "--quiet"], self.folder)
        return self.folder / ".venv" / SCRIPTS

    def install_with_pip(self):
        """Install it with pip, as its README says, and return the folder of its commands."""
        environment = self.folder / ".venv"
        run([sys.executable, "-m", "venv", "--upgrade-deps", environment], self.folder)
        scripts = environment / SCRIPTS
        pip = [scripts / "python", "-m", "pip", "install", "--quiet"]
        run([*pip, "--editable", ".", "--group", "dev"], self.folder)
        return scripts

"""Build and run images with Podman."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from dev.commands import run
from dev.projects import Project
from dev.servers import Server, free_port, serving

LEAST_RIGHTS = [
    "--read-only",
    "--read-only-tmpfs=false",
    "--cap-drop=all",
    "--security-opt=no-new-privileges",
    "--memory=128m",
    "--pids-limit=100",
]
RIGHTS = """
import json, os
status = dict(line.split(":", 1) for line in open("/proc/self/status"))
mounts = [line.split() for line in open("/proc/self/mounts")]
elsewhere = ["/dev", "/proc", "/sys"] + [m[1] for m in mounts if m[2] == "tmpfs"]
print(json.dumps({
    "user": os.getuid(),
    "group": os.getgid(),
    "capabilities": int(status["CapEff"], 16) | int(status["CapBnd"], 16),
    "no new privileges": int(status["NoNewPrivs"]),
    "writable": [
        path
        for folder, _, files in os.walk("/")
        if not any((folder + "/").startswith(top + "/") for top in elsewhere)
        for path in [folder, *(os.path.join(folder, file) for file in files)]
        if os.access(path, os.W_OK) and not os.path.islink(path)
    ],
}))
"""
NO_RIGHTS = {
    "user": 10001,
    "group": 10001,
    "capabilities": 0,
    "no new privileges": 1,
    "writable": [],
}
# A text that shells, Dockerfiles and Python could read differently.
AWKWARD = 'a "b" $HOME ${HOME} \\ \N{PARTY POPPER} `c` \\n # \\'
# Files of a module's app that are no Python, and files that no image may contain.
APP_FILES = """
    helpers.py static/.well-known/security.txt static/css/dark/style.css
    templates/mail/page.html
""".split()
OTHER_FILES = """
    .env .git/config .git-credentials .netrc data/x.csv id_rsa instance/config.py key.pem
    migrations/.env notes.txt secret.txt shop.db tests/data.json
    src/shop/.env src/shop/.netrc src/shop/certificates/company.key src/shop/id_ed25519
    src/shop/static/.htpasswd
    static/.env static/.git-credentials static/.htpasswd static/.ssh/config
    static/.well-known/.netrc static/key.pem static/store.p12
    templates/mail/.env.local templates/mail/store.pfx
""".split()
# The content of OTHER_FILES.
SECRET = "a-secret-of-the-user"  # noqa: S105
# Variables as DEPLOY.md says that .env should have them.
VARIABLES = {
    "FLASK_COLOR": "light blue",
    "FLASK_EMPTY": "",
    "FLASK_SECRET_KEY": "a#b=c%d/e+f!g:h",
    "FLASK_TRUSTED_HOSTS": '["127.0.0.1", "www.example.com"]',
}
DOTENV = "".join(f"{name}={value}\n" for name, value in VARIABLES.items())


def podman(*arguments: str | Path, folder: Path | str = "/") -> str:
    """Run ``podman`` and return its stripped output; raise AssertionError if it fails."""
    return run(["podman", *arguments], folder).strip()


def rights(name: str) -> dict[str, Any]:
    """Return the privileges of a process in the container ``name``, with RIGHTS' keys.

    ``writable`` lists the paths that it can write on the container's own disk.
    """
    facts: dict[str, Any] = json.loads(podman("exec", name, "python", "-c", RIGHTS))
    return facts


def build(folder: Path, tag: str) -> None:
    """Build an image from ``folder`` and tag it; raise AssertionError if that fails."""
    how = ["--format=docker", "--network=host", "--layers=false"]
    podman("build", *how, "--tag", tag, ".", folder=folder)


def remove_what_compose_made(project: Project, *images: str) -> None:
    """Remove the containers, network, volume and image of ``project``, and ``images``."""
    slug = project.answers["project_slug"]
    for service in ("web", "migrate", "database"):
        podman("rm", "--force", "--time=0", "--ignore", f"{slug}_{service}_1")
    podman("network", "rm", "--force", f"{slug}_default")
    podman("volume", "rm", "--force", f"{slug}_database")
    podman("rmi", "--force", "--ignore", f"localhost/{slug}", *images)


def found_in(image: str, *texts: str) -> set[str]:
    """Return those of ``texts`` that any layer or the metadata of ``image`` contains."""
    save = ["podman", "save", "--quiet", "--format=docker-archive", image]
    saved = subprocess.run(save, capture_output=True, check=True).stdout
    return {text for text in texts if text.encode() in saved}


@contextmanager
def running_container(
    image: str, folder: Path, *options: str, port_inside: int = 8000
) -> Iterator[tuple[Server, str]]:
    """Run ``image`` with minimal privileges and yield its Server and the container's name.

    ``options`` are those of ``podman run``. The app listens on ``port_inside`` in the
    container, which is published on a free port of this machine. The process of the
    Server is ``podman run``, which ends with the container.
    """
    port = free_port()
    name = f"flask-hello-{port}"
    publish = f"--publish=127.0.0.1:{port}:{port_inside}"
    listen = [] if port_inside == 8000 else [f"--env=PORT={port_inside}"]
    proxy = "--env=http_proxy=http://127.0.0.1:1"  # As in a company's network.
    how = ["--rm", "--name", name, publish, proxy, *listen, *options, *LEAST_RIGHTS]
    try:
        with serving(["podman", "run", *how, image], folder, port) as server:
            yield server, name
    finally:
        podman("rm", "--force", "--time=0", "--ignore", name)

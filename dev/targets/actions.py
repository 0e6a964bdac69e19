"""Renew what workflows and generated files pin: actions' commits and tools' versions.

``make actions`` runs it. Each action gets the commit of its newest release, each version
range of a tool admits the newest release of that tool. Releases count once they are a
week old, since most bad ones have been withdrawn by then. If a look-up fails, the program
changes nothing, prints one line on standard error and exits with status 1.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

from uv import find_uv_bin

# GitHub sets this variable in its workflows, on a server of a company too.
API = os.environ.get("GITHUB_API_URL") or "https://api.github.com"
AGE = timedelta(days=7)
FOLDERS = [".github", "templates", "{{cookiecutter.project_slug}}"]
ACTION = re.compile(
    r"uses: (?P<repository>[\w.-]+/[\w.-]+)(?P<folder>[\w./-]*)"
    r"@(?P<commit>[0-9a-f]{40}) # (?P<release>v\d+\.\d+\.\d+)"
)
# The action that installs uv has the range without the name.
RANGE = re.compile(
    r"(?P<name>[A-Za-z][\w-]*|version: \")>=(?P<floor>[\d.]+),<(?P<ceiling>[\d.]+)"
)


class LookUpError(Exception):
    """A reason why nothing can be renewed."""


def numbers(version: str) -> tuple[int, ...]:
    """Return the numbers in a version such as ``v1.2.3`` or ``0.14``."""
    return tuple(map(int, re.findall(r"\d+", version)))


def answer(path: str) -> Any:
    """Return what GitHub's API answers at ``path``, parsed.

    Raise LookUpError if there is no such answer. ``GH_TOKEN`` raises the API's limits.
    https://docs.github.com/en/rest/releases/releases
    """
    token = os.environ.get("GH_TOKEN")
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    try:
        request = Request(f"{API}/repos/{path}", headers=headers)  # noqa: S310
        with urlopen(request, timeout=30) as response:  # noqa: S310
            return json.load(response)
    except (HTTPException, OSError, ValueError) as error:
        raise LookUpError(f"{path}: {' '.join(str(error).split())}") from error


def newest_release(repository: str) -> tuple[str, str]:
    """Return the newest sufficiently old release of ``repository``, and its commit.

    Raise LookUpError if there is none.
    """
    latest = datetime.now(UTC) - AGE
    try:
        releases = [
            each["tag_name"]
            for each in answer(f"{repository}/releases?per_page=100")
            if not each["draft"] and not each["prerelease"]
            if datetime.fromisoformat(each["published_at"]) <= latest
            if re.fullmatch(r"v\d+\.\d+\.\d+", each["tag_name"])
        ]
        if not releases:
            raise LookUpError(f"{repository} has no release that is a week old")
        release = max(releases, key=numbers)
        found = answer(f"{repository}/commits/{release}")["sha"]
        (commit,) = re.findall("^[0-9a-f]{40}$", found)
        return release, commit
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise LookUpError(f"{repository}: an answer of another form") from error


def newest_versions(names: set[str]) -> dict[str, str]:
    """Return the newest version of each distribution, from the configured index.

    Raise LookUpError with the last line of uv's error if it finds none.
    """
    command = [find_uv_bin(), "pip", "compile", "-", "--quiet", "--no-deps"]
    command += ["--no-header", "--no-annotate", f"--exclude-newer={AGE.days} days"]
    result = subprocess.run(
        command,
        input="\n".join(names),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if result.returncode:
        raise LookUpError(f"uv: {result.stderr.strip().splitlines()[-1]}")
    return dict(re.findall(r"(?m)^(\S+)==(\S+)", result.stdout))


def distribution(name: str) -> str:
    """Return the normalized name of what a match of RANGE limits."""
    return "uv" if name == 'version: "' else name.replace("_", "-").lower()


def with_actions(text: str, newest: Mapping[str, tuple[str, str]]) -> str:
    """Return ``text`` with each action at its newest release; never at an older one.

    ``newest`` maps each repository to a release and its commit.
    """

    def renew(match: re.Match[str]) -> str:
        release, commit = newest[match["repository"]]
        if numbers(release) <= numbers(match["release"]):
            return match[0]
        return f"uses: {match['repository']}{match['folder']}@{commit} # {release}"

    return ACTION.sub(renew, text)


def with_ranges(text: str, newest: Mapping[str, str]) -> str:
    """Return ``text`` with each range that excludes the newest version moved up to it.

    ``newest`` maps each distribution to a version. A new ceiling has as many numbers as
    the old one: ``>=0.13,<0.14`` becomes ``>=0.15,<0.16``.
    """

    def renew(match: re.Match[str]) -> str:
        version = numbers(newest[distribution(match["name"])])
        ceiling = numbers(match["ceiling"])
        if version < ceiling:
            return match[0]
        *kept, last = version[: len(ceiling)]
        above = ".".join(map(str, [*kept, last + 1]))
        return f"{match['name']}>={version[0]}.{version[1]},<{above}"

    return RANGE.sub(renew, text)


def pinning(template: Path) -> dict[Path, str]:
    """Return the text of every file of ``template`` that can pin something, by path."""
    paths = [path for folder in FOLDERS for path in (template / folder).rglob("*")]
    paths = [template / "pyproject.toml", *filter(Path.is_file, sorted(paths))]
    return {path: path.read_bytes().decode("utf-8") for path in paths}


def main() -> None:
    """Renew all files in the current folder, or exit with a reason and change none."""
    texts = pinning(Path())
    everything = "\n".join(texts.values())
    actions = {match["repository"] for match in ACTION.finditer(everything)}
    tools = {distribution(match["name"]) for match in RANGE.finditer(everything)}
    try:
        releases = {repository: newest_release(repository) for repository in actions}
        versions = newest_versions(tools)
    except LookUpError as problem:
        sys.exit(f"ERROR: {problem}; nothing was changed.")
    for path, text in texts.items():
        renewed = with_ranges(with_actions(text, releases), versions)
        if renewed != text:
            path.write_bytes(renewed.encode("utf-8"))
            print(f"Renewed {path}")


if __name__ == "__main__":
    main()

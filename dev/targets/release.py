"""Release the template: ``python -m dev.targets.release 1.2.0`` commits and tags a version.

``--notes 1.2.0`` prints the notes of a release instead. On failure, both change nothing,
print one line on standard error and exit with status 1.
"""

import argparse
import datetime
import re
import subprocess
import sys
from pathlib import Path

CHANGELOG = Path("CHANGELOG.md")
UNRELEASED = "## Unreleased\n"
# The files with the version, and what stands before it: of the template itself, of the
# template in a project, and of the release that commands check out.
VERSIONS = {
    Path("pyproject.toml"): '^version = "',
    Path("{{cookiecutter.project_slug}}/.flask-hello.json"): '^  "version": "',
    Path("docs/growing.md"): "--checkout v",
    Path("docs/owning.md"): "(?:--checkout |CHECKOUT=)v",
    Path("docs/unattended.md"): "--checkout v",
    Path("docs/updating.md"): "--checkout v",
}


class ReleaseError(Exception):
    """A reason not to release."""


def git(*arguments: str) -> str:
    """Run git in the current folder and return its stripped output.

    Raise ReleaseError with the first line of its error if it fails.
    """
    result = subprocess.run(
        ["git", *arguments], capture_output=True, encoding="utf-8", check=False
    )
    if result.returncode:
        lines = (result.stderr or result.stdout).strip().splitlines() or ["failed"]
        raise ReleaseError(f"git {arguments[0]}: {lines[0]}")
    return result.stdout.strip()


def three_numbers(version: str) -> tuple[int, ...]:
    """Return the three numbers in ``version``; raise ReleaseError for other texts."""
    number = "(0|[1-9][0-9]*)"
    match = re.fullmatch(rf"{number}\.{number}\.{number}", version)
    if not match:
        raise ReleaseError(f"version {version!a} is not three numbers; try 1.2.0")
    return tuple(map(int, match.groups()))


def sections(changelog: str) -> dict[str, str]:
    """Return the notes in ``changelog`` by version, newest first."""
    _, *parts = re.split(r"^## (\S+).*\n", changelog, flags=re.MULTILINE)
    return {
        name: text.strip() for name, text in zip(parts[::2], parts[1::2], strict=True)
    }


def with_version(folder: Path, path: Path, version: str) -> str:
    """Return the text of a file of VERSIONS in ``folder``, with ``version`` set.

    Raise ReleaseError if it has none, or several and is not a page.
    """
    text = (folder / path).read_text(encoding="utf-8")
    pattern = re.compile(rf"({VERSIONS[path]})\d+\.\d+\.\d+", re.MULTILINE)
    changed, count = pattern.subn(rf"\g<1>{version}", text)
    if not count or (count > 1 and path.suffix != ".md"):
        raise ReleaseError(f"{path} has no version to set, or several")
    return changed


def notes(version: str) -> str:
    """Return the notes of the release ``version``; raise ReleaseError if there are none."""
    text = sections(CHANGELOG.read_text(encoding="utf-8")).get(version)
    if not text:
        raise ReleaseError(f"{CHANGELOG} has no notes under '## {version}'")
    return text


def release(version: str) -> None:
    """Move the notes under ``version``, set it in VERSIONS, commit and tag.

    Raise ReleaseError, with nothing changed, if that is not possible.
    """
    asked = three_numbers(version)
    changelog = CHANGELOG.read_text(encoding="utf-8")
    released = [name for name in sections(changelog) if name != "Unreleased"]
    if released and asked <= three_numbers(released[0]):
        raise ReleaseError(f"version {version} is not newer than {released[0]}")
    if (branch := git("branch", "--show-current")) != "main":
        raise ReleaseError(f"the branch is {branch or 'none'}, not main")
    if git("status", "--porcelain"):
        raise ReleaseError("there are uncommitted changes")
    notes("Unreleased")

    heading = f"{UNRELEASED}\n## {version} ({datetime.date.today()})\n"
    texts = {CHANGELOG: changelog.replace(UNRELEASED, heading, 1)}
    texts |= {path: with_version(Path(), path, version) for path in VERSIONS}
    before = git("rev-parse", "HEAD")
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8", newline="\n")
    try:
        git("commit", "--quiet", "--all", "--message", f"Release {version}")
        git("tag", "--annotate", "--message", f"Release {version}", f"v{version}")
    except ReleaseError:
        git("reset", "--quiet", "--hard", before)
        raise


def main() -> None:
    """Parse the command line and release, or print notes."""
    parser = argparse.ArgumentParser(
        "python -m dev.targets.release", description=__doc__
    )
    parser.add_argument("version", metavar="x.y.z")
    parser.add_argument("--notes", action="store_true", help="print its notes")
    arguments = parser.parse_args()
    try:
        if arguments.notes:
            print(notes(arguments.version))
        else:
            release(arguments.version)
            print(f"Committed and tagged v{arguments.version}.")
            print("Review it with git show, then run git push --follow-tags.")
    except ReleaseError as problem:
        sys.exit(f"ERROR: {problem}.")


if __name__ == "__main__":
    main()

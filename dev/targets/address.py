"""Change the address of the template in every file that names it.

``make address ADDRESS=git@git.acme.example:platform/flask-hello.git`` runs it. A wrong
address changes nothing: the exit status is 1, and standard error has one line.
"""

import re
import sys

from cookiecutter.config import BUILTIN_ABBREVIATIONS
from cookiecutter.repository import expand_abbreviations, is_repo_url

from dev.projects import template_files
from dev.values import ADDRESS

# No shell, JSON or Markdown gives these characters a meaning.
PLAIN = re.compile("[A-Za-z0-9.+~@:/_-]+")
# A token can be the user of a web address.
PASSWORD = re.compile("https?://[^/]*@|://[^/]*:[^/]*@")


def clone_address(address: str) -> str:
    """Return what git and cruft need for ``address``: abbreviations are cookiecutter's."""
    expanded: str = expand_abbreviations(address, BUILTIN_ABBREVIATIONS)
    return address if expanded == address else expanded.removesuffix(".git")


def why_not(address: str) -> str | None:
    """Return why the template cannot have ``address``, or None if it can."""
    if not PLAIN.fullmatch(address) or address.startswith("-"):
        return "must be ASCII letters, digits and . + ~ @ : / _ -"
    if not is_repo_url(clone_address(address)):
        return "is no repository that cookiecutter can clone"
    if PASSWORD.search(address):
        return "contains a password, which every project would record"
    return None


def with_address(text: str, old: str, new: str) -> str:
    """Return ``text`` with the address ``new`` for ``old``, and so for git and cruft."""
    # Where the old one served all three, so must the new one.
    instead = {old: new} | {clone_address(old): clone_address(new)}
    pattern = rf"({'|'.join(map(re.escape, instead))})(?![\w-])"
    return re.sub(pattern, lambda match: instead[match[1]], text)


def main(address: str) -> None:
    """Write ``address`` into the documents, and into what projects record."""
    if reason := why_not(address):
        sys.exit(f"ERROR: address {address!a} {reason}; try 'gh:acme/flask-hello'.")
    for path in template_files():
        if path.suffix in (".md", ".json"):
            text = path.read_bytes().decode("utf-8")
            changed = with_address(text, ADDRESS, address)
            if changed != text:
                path.write_bytes(changed.encode("utf-8"))


if __name__ == "__main__":
    main(" ".join(sys.argv[1:]))

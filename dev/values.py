"""The values that an owner of the template changes, read from where each stands.

``docs/owning.md`` has the other places of each; tests hold them equal to these.
"""

import re
import tomllib

from dev.variants import QUESTIONS, TEMPLATE


def found(pattern: str, files: str) -> str:
    """Return what ``pattern`` captures first in the only one of ``files`` of the template.

    ``files`` is a glob. Raise ValueError or IndexError if there is no such thing.
    """
    (file,) = TEMPLATE.glob(files)
    text = file.read_text(encoding="utf-8")
    first: str = re.findall(pattern, text, re.MULTILINE)[0]
    return first


OF_PROJECTS = "{{cookiecutter.project_slug}}"
ADDRESS = found(r'^template = "(.+)"$', f"{OF_PROJECTS}/pyproject.toml")
HOLDER = found(r"^Copyright \(c\) \d+ (.+)$", "LICENSE")
AUTHOR: str = QUESTIONS["full_name"]
BASE_IMAGE = found(r"^FROM (\S+)", f"{OF_PROJECTS}/*Dockerfile*")
OLDEST_PYTHON = found('^requires-python = ">=(.+)"$', f"{OF_PROJECTS}/pyproject.toml")
REGISTRY = found(r'^    newName: "(.+)/', f"{OF_PROJECTS}/*/*kustomization.yaml*")
NEWEST_PYTHON = found(r'PYTHON: \[.*"(.+)"\]$', f"{OF_PROJECTS}/*.gitlab-ci.yml*")
VERSION: str = tomllib.loads((TEMPLATE / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]["version"]

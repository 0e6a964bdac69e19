"""The values that an owner of the template changes, each read from its main place.

``docs/owning.md`` lists the other places; tests check that they agree.
"""

import re

from dev.variants import QUESTIONS, TEMPLATE


def found(pattern: str, files: str) -> str:
    """Return the first capture of ``pattern`` in the file that the glob ``files`` matches.

    Raise ValueError unless exactly one file matches, IndexError if ``pattern`` does not.
    """
    (file,) = TEMPLATE.glob(files)
    text = file.read_text(encoding="utf-8")
    first: str = re.findall(pattern, text, re.MULTILINE)[0]
    return first


OF_PROJECTS = "{{cookiecutter.project_slug}}"
ADDRESS = found(r'^  "template": "(.+)",$', f"{OF_PROJECTS}/.flask-hello.json")
HOLDER = found(r"^Copyright \(c\) \d+ (.+)$", "LICENSE")
AUTHOR: str = QUESTIONS["full_name"]
BASE_IMAGE = found(r"^FROM (\S+)", f"{OF_PROJECTS}/*Dockerfile*")
DATABASE_IMAGE = found(r"^    image: (docker\S+)", f"{OF_PROJECTS}/*compose.yaml*")
OLDEST_PYTHON = found('^requires-python = ">=(.+)"$', f"{OF_PROJECTS}/pyproject.toml")
REGISTRY = found(r'^    newName: "(.+)/', f"{OF_PROJECTS}/*/*kustomization.yaml*")
NEWEST_PYTHON = found(r'PYTHON: \[.*"(.+)"\]$', f"{OF_PROJECTS}/*.gitlab-ci.yml*")
VERSION = found('^version = "(.+)"$', "pyproject.toml")

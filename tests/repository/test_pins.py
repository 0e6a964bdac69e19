"""The tools are pinned: in range on every system, with hashes, and to no index."""

import re
import shutil
import tomllib
from itertools import product

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement

from dev.commands import run
from dev.projects import copy_template
from dev.pythons import SUPPORTED
from dev.variants import TEMPLATE

PROJECT = tomllib.loads((TEMPLATE / "pyproject.toml").read_text(encoding="utf-8"))
GROUPS = PROJECT["dependency-groups"]
LINES = re.compile(
    r"(?:#.*\n)+"
    r"(?:[a-z0-9-]+==[a-z0-9.]+(?: ; [^\\\n]+)? \\\n"
    r"(?:    --hash=sha256:[0-9a-f]{64} \\\n)*"
    r"    --hash=sha256:[0-9a-f]{64}\n"
    r"(?:    #.*\n)*)+"
)
SYSTEMS = [
    {"os_name": "posix", "platform_system": "Linux", "sys_platform": "linux"},
    {"os_name": "posix", "platform_system": "Darwin", "sys_platform": "darwin"},
    {"os_name": "nt", "platform_system": "Windows", "sys_platform": "win32"},
]
MACHINES = [
    {**system, "python_version": version, "python_full_version": f"{version}.0"}
    for system, version in product(SYSTEMS, SUPPORTED)
]


def text_of(group, folder=TEMPLATE):
    """Return the text of the file that pins a dependency group."""
    return (folder / "requirements" / f"{group}.txt").read_text(encoding="utf-8")


def requirements(group):
    """Yield the requirements of a dependency group and of the groups that it includes."""
    for entry in GROUPS[group]:
        if isinstance(entry, str):
            yield Requirement(entry)
        else:
            yield from requirements(entry["include-group"])


def versions(text, machine):
    """Return the pinned version of every distribution that ``machine`` installs.

    Raise AssertionError if a distribution has two.
    """
    pins = re.findall(r"^(\S+)==(\S+)(?: ; (.+))? \\$", text, re.MULTILINE)
    installed = [
        (name, version)
        for name, version, marker in pins
        if not marker or Marker(marker).evaluate(machine)
    ]
    assert len(dict(installed)) == len(installed)
    return dict(installed)


def test_every_group_is_pinned():
    files = (TEMPLATE / "requirements").iterdir()
    assert sorted(file.name for file in files) == sorted(f"{g}.txt" for g in GROUPS)


@pytest.mark.parametrize("group", GROUPS)
def test_pins_have_hashes_and_name_no_host(group):
    text = text_of(group)
    assert LINES.fullmatch(text)
    assert "://" not in text


@pytest.mark.parametrize("group", GROUPS)
def test_pins_are_in_range_on_every_machine(group):
    for machine in MACHINES:
        pinned = versions(text_of(group), machine)
        for requirement in requirements(group):
            marker = requirement.marker
            if marker and not marker.evaluate(machine):
                assert requirement.name not in pinned
            else:
                assert pinned[requirement.name] in requirement.specifier


def test_groups_agree():
    for machine in MACHINES:
        installed = [versions(text_of(group), machine).items() for group in GROUPS]
        pins = set().union(*installed)
        assert len(dict(pins)) == len(pins)


@pytest.mark.slow
@pytest.mark.expensive(reason="it depends on new releases, not on a change here")
def test_make_pins_pins_every_group_for_the_oldest_python(tmp_path, program):
    program("make")
    copy = copy_template(tmp_path / "flask-hello")
    for group in GROUPS:
        (copy / "requirements" / f"{group}.txt").rename(tmp_path / f"{group}.txt")
    shutil.copy(tmp_path / "hello.txt", copy / "requirements")
    output = run(["make", "pins"], copy)
    oldest = PROJECT["project"]["requires-python"].removeprefix(">=")
    assert output.count(f" --python-version {oldest} ") == len(GROUPS)
    for group in GROUPS:
        assert LINES.fullmatch(text_of(group, copy))

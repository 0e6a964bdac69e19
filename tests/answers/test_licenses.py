"""A license names a real holder, not the placeholder."""

import pytest

from dev.projects import Project, copy_template
from dev.rules import find_problems
from dev.variants import CHOICES, FULLEST, QUESTIONS
from hooks.pre_gen_project import FALLBACKS, PLACEHOLDER

LICENSES = [each for each in CHOICES["license"] if each != "none"]
INSTEAD = "; try your own name, or license 'none'."
SPELLINGS = [
    PLACEHOLDER,
    PLACEHOLDER.lower(),
    f"  {PLACEHOLDER.upper()}\u2003",
    "yOUR\xa0 name",
]


@pytest.mark.parametrize("license_", LICENSES)
def test_placeholder_is_rejected(rejection, license_):
    (sentence,) = rejection(license=license_, full_name=PLACEHOLDER)
    reason = f"is a placeholder, but the {license_} license names its holder"
    assert sentence == f"full_name '{PLACEHOLDER}' {reason}{INSTEAD}"


@pytest.mark.parametrize("name", SPELLINGS)
def test_placeholder_is_rejected_in_any_case_and_spacing(name):
    (sentence,) = find_problems({**FALLBACKS, **FULLEST, "full_name": name})
    assert sentence.startswith(f"full_name {name!a} is a placeholder")


def test_placeholder_is_not_suggested(rejection):
    (sentence,) = rejection(license="MIT", full_name="")
    assert sentence == f"full_name '' is empty{INSTEAD}"


@pytest.mark.parametrize("name", ["Your Names", "Your Name Ltd", "Ada Lovelace"])
def test_name_is_accepted(bake, name):
    assert name in bake(license="MIT", full_name=name).read("LICENSE")


def test_default_holder_of_a_company_is_accepted(cookies, tmp_path):
    template = Project(copy_template(tmp_path / "template"))
    default = f'"full_name": "{QUESTIONS["full_name"]}"'
    template.change("cookiecutter.json", default, '"full_name": "ACME Ltd"')
    answers = {"license": "MIT"}
    result = cookies.bake(extra_context=answers, template=str(template.folder))
    assert "ACME Ltd" in Project(result.project_path).read("LICENSE")

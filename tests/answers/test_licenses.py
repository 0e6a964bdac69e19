"""A license names a real holder, not the placeholder."""

import pytest

from dev.projects import Project, copy_template
from dev.variants import CHOICES, FULLEST, NAMES
from hooks.pre_gen_project import PLACEHOLDER, TEXTS, corrected, find_problems

LICENSES = [each for each in CHOICES["license"] if each != "none"]
INSTEAD = "; try your own name, or license 'none'."


@pytest.mark.parametrize("license_", LICENSES)
def test_placeholder_is_rejected(rejection, license_):
    (sentence,) = rejection(license=license_, full_name=PLACEHOLDER)
    reason = f"is a placeholder, but the {license_} license names its holder"
    assert sentence == f"full_name '{PLACEHOLDER}' {reason}{INSTEAD}"


def test_placeholder_is_not_suggested(rejection):
    for sentence in rejection(license="MIT", full_name=""):
        assert sentence.startswith("full_name '' is empty")
        assert (TEXTS["full_name"] == PLACEHOLDER) == sentence.endswith(INSTEAD)


@pytest.mark.parametrize("name", ["your name", "Your Name Ltd", "Ada Lovelace"])
def test_name_is_accepted(bake, name):
    assert name in bake(license="MIT", full_name=name).read("LICENSE")


def test_placeholder_without_a_license_is_accepted(bake):
    assert "LICENSE" not in bake(full_name=PLACEHOLDER).files()


def test_default_holder_of_a_company_is_accepted(cookies, tmp_path):
    template = Project(copy_template(tmp_path / "template"))
    for path in ("cookiecutter.json", "hooks/pre_gen_project.py"):
        default = f'"full_name": "{TEXTS["full_name"]}"'
        template.change(path, default, '"full_name": "ACME Ltd"')
    answers = {"license": "MIT"}
    result = cookies.bake(extra_context=answers, template=str(template.folder))
    assert "ACME Ltd" in Project(result.project_path).read("LICENSE")


@pytest.mark.parametrize("name", ["", PLACEHOLDER])
def test_correction_without_a_holder_has_no_license(name):
    answers = {**TEXTS, **NAMES["usual"], **FULLEST, "full_name": name}
    assert find_problems(answers)
    assert find_problems(corrected(answers)) == []
    company = TEXTS["full_name"] != PLACEHOLDER
    assert (corrected(answers)["license"] == "none") == (
        name == PLACEHOLDER or not company
    )

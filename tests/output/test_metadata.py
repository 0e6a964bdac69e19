"""Projects contain the answers."""

import datetime
import re
import tomllib

import pytest

from dev.readmes import blocks
from dev.values import OLDEST_PYTHON
from dev.variants import SMALLEST, TEMPLATE


def test_metadata_contains_the_answers(every_project):
    metadata = tomllib.loads(every_project.read("pyproject.toml"))
    answers = every_project.answers
    assert metadata["project"]["name"] == answers["project_slug"]
    assert metadata["project"]["requires-python"] == f">={OLDEST_PYTHON}"
    assert metadata["project"].get("license", "none") == answers["license"]
    assert ("license-files" in metadata["project"]) == (answers["license"] != "none")


def test_every_dependency_has_a_floor_and_a_ceiling(every_project):
    metadata = tomllib.loads(every_project.read("pyproject.toml"))
    requirements = [
        *metadata["project"]["dependencies"],
        *metadata["dependency-groups"]["dev"],
        *metadata["build-system"]["requires"],
    ]
    bounded = re.compile(r"[a-z_-]+(\[binary\])?>=\d+(\.\d+)*,<\d+(\.\d+)*")
    assert [each for each in requirements if not bounded.fullmatch(each)] == []


@pytest.mark.parametrize(
    ("license_", "first", "last"),
    [
        ("MIT", "MIT License", "SOFTWARE."),
        ("BSD-3-Clause", "BSD 3-Clause License", "DAMAGE."),
        ("Apache-2.0", "Apache License", "limitations under the License."),
    ],
)
def test_license_has_its_text_year_and_holder(bake, license_, first, last):
    text = bake(license=license_, full_name="Ada Lovelace").read("LICENSE")
    year = datetime.datetime.now(datetime.UTC).year
    assert text.split("\n")[0].strip() == first
    assert text.rstrip().endswith(last)
    assert re.search(rf"Copyright (\(c\) )?{year},? Ada Lovelace\n", text)


def test_smallest_app_is_that_of_our_readme(bake):
    readme = (TEMPLATE / "README.md").read_text(encoding="utf-8")
    assert blocks(readme, "python") == [bake(**SMALLEST).read("hello.py")]

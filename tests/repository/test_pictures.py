"""The README shows every picture, and they are small."""

import re

import pytest

from dev.targets.pictures import PICTURES
from dev.variants import TEMPLATE

NAMES = sorted(path.name for path in PICTURES.glob("*.*"))


def test_readme_shows_every_picture():
    readme = (TEMPLATE / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"docs/images/([\w.-]+)", readme)
    assert sorted(shown) == NAMES
    assert {"preview-dark.png", "preview-light.png"} <= {*NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_picture_is_a_small_png(name):
    picture = (PICTURES / name).read_bytes()
    assert picture.startswith(b"\x89PNG\r\n")
    assert len(picture) < 200_000

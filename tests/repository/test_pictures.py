"""The README shows every picture."""

import re

from dev.targets.pictures import PICTURES
from dev.variants import TEMPLATE


def test_readme_shows_every_picture():
    readme = (TEMPLATE / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"docs/images/([\w.-]+)", readme)
    names = {path.name for path in PICTURES.glob("*.*")}
    assert {"preview-dark.png", "preview-light.png"} <= names == {*shown}

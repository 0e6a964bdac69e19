"""Create the virtual environment .venv in the current folder, unless this Python did.

``make`` runs this file with the Python that PYTHON names. If that Python is too old, even
2.7, or lacks ensurepip, the script prints one line that says so and exits with status 1.
"""

import os
import re
import sys

NAME = "python%d.%d" % sys.version_info[:2]  # noqa: UP031
MADE_BY = os.path.join(".venv", "python")

with open("pyproject.toml") as file:
    oldest = re.findall(r'requires-python = ">=(\d+)\.(\d+)"', file.read())[0]
if sys.version_info < tuple(map(int, oldest)):
    needed = "python" + ".".join(oldest)
    sys.exit(NAME + " is too old, try " + needed + ": make PYTHON=" + needed + " hello")
try:
    import ensurepip  # noqa: F401 - On Debian it is a separate package.
except ImportError:
    sys.exit(NAME + " cannot create .venv: apt-get install " + NAME + "-venv")

import venv

this = os.path.realpath(sys.executable) + "\n" + sys.version + "\n"
try:
    with open(MADE_BY) as file:
        made_by_this = file.read() == this
except FileNotFoundError:
    made_by_this = False
if not made_by_this:
    venv.create(".venv", clear=True, symlinks=True, with_pip=True)
    with open(MADE_BY, "w") as file:
        file.write(this)

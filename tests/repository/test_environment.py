"""``make`` creates its environment with the Python in PYTHON, or reports why it cannot."""

import shutil
import sys
from pathlib import Path

import pytest

from dev import pythons
from dev.commands import WINDOWS, attempt, run
from dev.projects import copy_template
from dev.variants import TEMPLATE

pytestmark = pytest.mark.skipif(WINDOWS, reason="make needs Linux or macOS")
TOO_OLD = ["2.7", "3.6", "3.7", "3.8", "3.9", "3.10"]
SCRIPT = Path("dev", "targets", "environment.py")


@pytest.fixture
def makefile_folder(tmp_path):
    """Return a folder with the files that create the environment."""
    (tmp_path / SCRIPT.parent).mkdir(parents=True)
    for path in (SCRIPT, Path("Makefile"), Path("pyproject.toml")):
        shutil.copy(TEMPLATE / path, tmp_path / path)
    return tmp_path


def line_of_failure(python, folder, **options):
    """Return the line with the reason why ``python`` creates no environment in ``folder``."""
    result = attempt([python, SCRIPT], folder, **options)
    assert (result.returncode, result.stdout) == (1, "")
    assert not (folder / ".venv").exists()
    (line,) = result.stderr.splitlines()
    return line


def test_too_old_python_is_reported_in_a_line(makefile_folder):
    found = {
        version: python for version in TOO_OLD if (python := pythons.find(version))
    }
    if not found:
        pytest.skip("needs an old Python: .venv/bin/uv python install 3.10")
    for version, python in found.items():
        line = line_of_failure(python, makefile_folder)
        assert line.startswith(f"python{version} ")
        assert f"make PYTHON=python{pythons.SUPPORTED[0]} " in line


def test_python_without_ensurepip_is_reported_in_a_line(makefile_folder, require):
    found = require(pythons.found(), "needs Python: .venv/bin/uv python install 3.13")
    version, python = [*found.items()][-1]
    missing = makefile_folder / "missing"
    missing.mkdir()
    (missing / "ensurepip.py").write_text("raise ImportError")
    line = line_of_failure(python, makefile_folder, env={"PYTHONPATH": str(missing)})
    assert line.endswith(f" apt-get install python{version}-venv")


def test_path_that_needs_quotes_is_reported_in_a_line(tmp_path):
    folder = copy_template(tmp_path / "my folder")
    result = attempt([sys.executable, "-m", "pytest"], folder)
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.endswith(f" has only letters and digits: {folder}\n")


@pytest.mark.slow
@pytest.mark.expensive(reason="it creates two environments")
def test_environment_has_the_python_that_make_gets(makefile_folder, program, require):
    program("make")
    found = pythons.found()
    require(len(found) > 1, "needs two Pythons: .venv/bin/uv python install 3.13")
    config = makefile_folder / ".venv" / "pyvenv.cfg"
    for version, python in [*found.items()][:2]:
        made = []
        for _ in range(2):
            run(["make", f"PYTHON={python}", ".venv/python"], makefile_folder)
            made.append(config.stat().st_mtime_ns)
        assert made[0] == made[1]
        assert f"\nversion = {version}." in config.read_text(encoding="utf-8")

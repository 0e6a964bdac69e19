"""What the tests of running projects share: containers."""

import shutil
from pathlib import Path

import pytest

from dev import containers
from dev.commands import LINUX


@pytest.fixture(scope="session")
def podman(require):
    """Return the function that runs podman."""
    if not LINUX:
        pytest.skip("addresses in containers are reached from Linux only")
    require(shutil.which("podman"), "needs podman: apt-get install podman")
    return containers.podman


@pytest.fixture(scope="session")
def docker(podman):
    """Return the folder of a command ``docker``, which is podman."""
    return Path(__file__).parent / "bin"

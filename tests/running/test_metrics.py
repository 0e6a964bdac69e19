"""The settings for metrics in DEPLOY.md work."""

import re
import time

import pytest

from dev.commands import LINUX
from dev.containers import first_page
from dev.production import serving_in_production
from dev.servers import LONG, free_port

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not LINUX, reason="the command is for Linux"),
]


def test_granian_serves_metrics(bake, tmp_path):
    project = bake(server="granian").copy(tmp_path / "hello")
    document = project.read("DEPLOY.md")
    ((name, value),) = re.findall("`(GRANIAN_METRICS_ENABLED)=(.+?)`", document)
    assert "`GRANIAN_METRICS_ADDRESS`" in document
    port = free_port()
    env = {
        name: value,
        "GRANIAN_METRICS_ADDRESS": "127.0.0.1",
        "GRANIAN_METRICS_PORT": str(port),
        "GRANIAN_METRICS_SCRAPE_INTERVAL": "1",
    }
    project.install()
    deadline = time.monotonic() + LONG
    with serving_in_production(project, env=env):
        metrics = ""
        # Metrics of the workers appear later than those of the main process.
        while "\ngranian_connections" not in metrics and time.monotonic() < deadline:
            time.sleep(0.1)
            metrics = first_page(f"http://127.0.0.1:{port}/metrics")
    names = set(re.findall(r"^granian_(\w+)", metrics, re.MULTILINE))
    for word in ("connection", "queue", "request", "respawn"):
        assert any(word in name for name in names), names

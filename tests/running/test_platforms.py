"""On a platform that sets PORT, the production server listens there."""

import re
import shlex

import pytest

from dev.commands import LINUX
from dev.production import production_command
from dev.servers import GREETING, free_port, serving
from dev.variants import SERVERS_AND_PAGES

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not LINUX, reason="Gunicorn's command is for Linux"),
]


@pytest.mark.parametrize(("server", "layout"), SERVERS_AND_PAGES)
def test_command_uses_the_port_as_documented(production_project, server, layout):
    project = production_project(server, layout, "none")
    options = re.findall(r"`(--\S+ \S*\$PORT)`", project.read("DEPLOY.md"))
    (option,) = set(options)
    name = option.split()[0]
    words = production_command(project)
    value = words.index(name) + 1
    line = shlex.join([*words[: value - 1], "OPTION", *words[value + 1 :]])
    port = free_port()
    script = ["bash", "-c", "exec " + line.replace("OPTION", option)]
    with serving(script, project.folder, port, env={"PORT": str(port)}) as served:
        assert GREETING in served.get().text

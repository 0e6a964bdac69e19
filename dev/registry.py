"""Run a registry of images for one test."""

import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from dev.servers import Server, free_port, serving

PROGRAM = shutil.which("docker-registry")
SETTINGS = "{{version: '0.1', storage: {{inmemory: {{}}}}, http: {{addr: '127.0.0.1:{port}'}}}}"
KINDS = (
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
)


@dataclass
class Registry:
    """A registry with the images ``name``, behind ``server``."""

    server: Server
    name: str

    @property
    def address(self) -> str:
        """The host and port, as an image's name starts."""
        return self.server.url.removeprefix("http://")

    def get(self, path: str) -> Any:
        """Return what the registry answers at ``path`` of the images, parsed.

        https://distribution.github.io/distribution/spec/api/
        """
        headers = {"Accept": ", ".join(KINDS)}
        return json.loads(
            self.server.get(f"/v2/{self.name}/{path}", headers=headers).text
        )

    def manifests(self) -> dict[str, Any]:
        """Return the manifests of all images, by tag."""
        tags = self.get("tags/list").get("tags") or []
        return {tag: self.get(f"manifests/{tag}") for tag in tags}


@contextmanager
def serving_images(name: str, folder: Path) -> Iterator[Registry]:
    """Run a registry for the images ``name``, with files in ``folder``, and yield it."""
    port = free_port()
    settings = folder / "registry.yaml"
    settings.write_text(SETTINGS.format(port=port), encoding="utf-8")
    with serving([str(PROGRAM), "serve", str(settings)], folder, port) as server:
        yield Registry(server, name)

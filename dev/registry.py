"""Run a registry that keeps images in memory, for one test."""

import hashlib
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


class Registry(ThreadingHTTPServer):
    """An image registry: ``blobs`` by digest, ``manifests`` with media types by reference.

    A reference is ``name@digest`` or ``name:tag``.
    """

    def __init__(self) -> None:
        """Listen on a free loopback port."""
        super().__init__(("127.0.0.1", 0), Handler)
        self.blobs: dict[str, bytes] = {}
        self.uploads: dict[str, bytes] = {}
        self.manifests: dict[str, tuple[str, bytes]] = {}

    @property
    def address(self) -> str:
        """The host and port, as an image name starts."""
        return f"127.0.0.1:{self.server_port}"

    def tags(self) -> set[str]:
        """Return the references that have a tag."""
        return {reference for reference in self.manifests if "@" not in reference}

    def digest(self, reference: str) -> str:
        """Return the digest of the manifest that ``reference`` names."""
        return digest_of(self.manifests[reference][1])


class Handler(BaseHTTPRequestHandler):
    """The part of the registry API that podman uses.

    https://github.com/opencontainers/distribution-spec
    """

    protocol_version = "HTTP/1.1"
    server: Registry

    def do_GET(self) -> None:
        """Send a blob or a manifest, or status 200 for the API's base path."""
        kind, name, reference = self.parts()
        if kind == "blobs" and reference in self.server.blobs:
            content = self.server.blobs[reference]
            self.answer(200, content, Docker_Content_Digest=reference)
        elif kind == "manifests" and full(name, reference) in self.server.manifests:
            media_type, content = self.server.manifests[full(name, reference)]
            digest = digest_of(content)
            self.answer(200, content, media_type, Docker_Content_Digest=digest)
        else:
            self.answer(404 if kind else 200)

    do_HEAD = do_GET

    def do_POST(self) -> None:
        """Start the upload of a blob."""
        upload = uuid.uuid4().hex
        self.server.uploads[upload] = self.body()
        self.answer(202, Location=f"{self.path.partition('?')[0]}{upload}")

    def do_PATCH(self) -> None:
        """Receive a chunk of a blob."""
        self.server.uploads[self.parts()[2]] += self.body()
        self.answer(202, Location=self.path)

    def do_PUT(self) -> None:
        """Receive a manifest, or the last chunk of a blob."""
        kind, name, reference = self.parts()
        content = self.body()
        if kind == "manifests":
            kept = self.headers["Content-Type"], content
            self.server.manifests[full(name, reference)] = kept
            self.server.manifests[full(name, digest_of(content))] = kept
        else:
            content = self.server.uploads.pop(reference) + content
            self.server.blobs[digest_of(content)] = content
        self.answer(201, Docker_Content_Digest=digest_of(content))

    def parts(self) -> tuple[str, str, str]:
        """Return the kind, the image name and the reference in the requested path.

        All are empty for other paths.
        """
        pattern = "/v2/(.+)/(blobs/uploads|blobs|manifests)/([^/?]*)"
        found = re.match(pattern, self.path)
        return (found[2], found[1], found[3]) if found else ("", "", "")

    def body(self) -> bytes:
        """Return the body of the request, chunked or not."""
        if self.headers["Transfer-Encoding"] != "chunked":
            return self.rfile.read(int(self.headers["Content-Length"] or 0))
        chunks = []
        while size := int(self.rfile.readline(), 16):
            chunks.append(self.rfile.read(size))
            self.rfile.readline()
        self.rfile.readline()
        return b"".join(chunks)

    def answer(
        self, status: int, content: bytes = b"", media_type: str = "", **headers: str
    ) -> None:
        """Send a response."""
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Content-Type", media_type or "application/octet-stream")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:
        """Print nothing."""


def full(name: str, reference: str) -> str:
    """Return ``reference``, a tag or a digest, joined to the image ``name``."""
    return f"{name}{'@' if ':' in reference else ':'}{reference}"


def digest_of(content: bytes) -> str:
    """Return the SHA-256 digest of ``content``, as registries write it."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


@contextmanager
def serving_images() -> Iterator[Registry]:
    """Run a registry and yield it."""
    with Registry() as registry:
        thread = Thread(target=registry.serve_forever, args=[0.05])
        thread.start()
        try:
            yield registry
        finally:
            registry.shutdown()
            thread.join()

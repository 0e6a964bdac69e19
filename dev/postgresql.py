"""Run PostgreSQL on a free loopback port, as a user of its own."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from dev.commands import run
from dev.servers import free_port

FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@dataclass
class PostgreSQL:
    """A server whose data is in ``folder``, and that only this machine can reach."""

    folder: Path
    port: int = field(default_factory=free_port)

    def url(self, database: str = "postgres") -> str:
        """Return the address of a database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def run(self, program: str, *arguments: str) -> str:
        """Run a program of PostgreSQL and return its output; it rejects root."""
        user = ["runuser", "--user=postgres", "--"] if os.geteuid() == 0 else []
        return run([*user, str(FOLDERS[-1] / program), *arguments], self.folder)

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= "
            "-c fsync=off -c timezone=Asia/Kolkata"
        )
        log = str(self.folder / "log")
        self.run(
            "pg_ctl", "--pgdata=data", "--wait", f"--log={log}", "-o", options, "start"
        )

    def stop(self, mode: str = "immediate") -> None:
        """Stop the server; by default as if its machine had failed."""
        self.run("pg_ctl", "--pgdata=data", f"--mode={mode}", "--wait", "stop")

    def create(self, database: str) -> str:
        """Create an empty database and return its address."""
        self.run("createdb", f"--maintenance-db={self.url()}", database)
        return self.url(database)


@contextmanager
def running() -> Iterator[PostgreSQL]:
    """Yield a running server, which is deleted at the end."""
    # Its user may not enter the folders of root.
    folder = Path(tempfile.mkdtemp(prefix="flask-hello-", dir="/tmp"))
    server = PostgreSQL(folder)
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        server.run(
            "initdb",
            "--pgdata=data",
            "--auth=trust",
            "--username=postgres",
            "--no-sync",
        )
        server.start()
        try:
            yield server
        finally:
            if (folder / "data" / "postmaster.pid").exists():
                server.stop()
    finally:
        shutil.rmtree(folder)

"""Run PostgreSQL on a free loopback port."""

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from dev.commands import attempt, run
from dev.servers import LONG, free_port, start, stop, wait_until

FOLDERS = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
# PostgreSQL rejects root, so root runs it in a namespace where it is somebody else.
SOMEBODY = ["unshare", "--user", "--map-user=1", "--map-group=1"]
SETTINGS = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "fsync=off"]


# Of PgBouncer, with PostgreSQL's port and its own.
POOLER = """\
[databases]
* = host=127.0.0.1 port={} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {}
unix_socket_dir =
auth_type = any
pool_mode = transaction
"""


@dataclass
class PostgreSQL:
    """A server whose data is in ``folder``, and that only this machine can reach."""

    folder: Path
    port: int = field(default_factory=free_port)

    def url(self, database: str = "postgres") -> str:
        """Return the address of a database."""
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def command(self, program: str, *arguments: str) -> list[str | Path]:
        """Return the command that runs a program of PostgreSQL."""
        user = SOMEBODY if os.geteuid() == 0 else []
        return [*user, FOLDERS[-1] / program, *arguments]

    def start(self) -> None:
        """Start the server, and wait until it answers."""
        settings = [*SETTINGS, f"port={self.port}", "timezone=Asia/Kolkata"]
        options = ["-D", "data", *(f"--{each}" for each in settings)]
        log = self.folder / "log"
        self.process = start(self.command("postgres", *options), self.folder, log)
        ask = self.command("pg_isready", f"--dbname={self.url()}")
        wait_until(lambda: attempt(ask, self.folder).returncode == 0, self.process, log)

    def stop(self) -> None:
        """Stop the server at once, without waiting for its clients."""
        self.process.send_signal(signal.SIGQUIT)
        self.process.wait(timeout=LONG)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to each process of the server, which starts no other meanwhile."""
        own = self.process.pid
        os.kill(own, signal.SIGSTOP)
        wait_until(lambda: ") T " in Path(f"/proc/{own}/stat").read_text())
        children = Path(f"/proc/{own}/task/{own}/children").read_text().split()
        for process in (*map(int, children), own):
            with suppress(ProcessLookupError):
                os.kill(process, number)

    @contextmanager
    def killed(self) -> Iterator[None]:
        """Kill the server, and start it at the end."""
        self.send(signal.SIGKILL)
        self.process.wait(timeout=LONG)
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def silent(self) -> Iterator[None]:
        """Freeze the server until the end: connections are accepted, and nothing answers."""
        self.send(signal.SIGSTOP)
        try:
            yield
        finally:
            self.send(signal.SIGCONT)

    def create(self) -> str:
        """Create an empty database and return its address."""
        database = f"empty_{time.monotonic_ns()}"
        run(self.command("createdb", f"--maintenance-db={self.url()}", database), "/")
        return self.url(database)

    @contextmanager
    def pooled(self, url: str) -> Iterator[str]:
        """Run PgBouncer before the database at ``url``, and yield its address there."""
        port, log = free_port(), self.folder / "pgbouncer.log"
        (self.folder / "pgbouncer.ini").write_text(POOLER.format(self.port, port))
        user = SOMEBODY if os.geteuid() == 0 else []
        process = start([*user, "pgbouncer", "pgbouncer.ini"], self.folder, log)
        try:
            wait_until(lambda: "listening on" in log.read_text(), process, log)
            yield url.replace(f":{self.port}/", f":{port}/")
        finally:
            stop(process)


@contextmanager
def running(folder: Path) -> Iterator[PostgreSQL]:
    """Yield a running server, whose data is in the empty ``folder``."""
    server = PostgreSQL(folder)
    options = ["--pgdata=data", "--auth=trust", "--username=postgres", "--no-sync"]
    run(server.command("initdb", *options), folder)
    server.start()
    try:
        yield server
    finally:
        server.stop()

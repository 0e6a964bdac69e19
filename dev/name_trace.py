"""Trace the names of the top-level modules that Python looks up.

``install`` copies this file into a virtual environment. Every Python process there, server
workers included, appends names to the file that the environment variable VARIABLE names.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # Imports of this file would appear in every trace.
    from pathlib import Path

VARIABLE = "NAME_TRACE"


class Tracer:
    """A meta path finder that finds nothing and records the names that Python looks up.

    The audit event ``import`` would miss ``importlib.util.find_spec``:
    https://docs.python.org/3/reference/import.html#the-meta-path
    """

    def __init__(self, file: str) -> None:
        """Append names to ``file``, one per line."""
        self.file = file
        self.noted: set[str] = set()

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Record ``name`` and all modules loaded so far; return None, for not found."""
        self.note([name, *list(sys.modules)])

    def note(self, names: list[str]) -> None:
        """Append the top-level names that this process has not recorded yet."""
        new = {name.partition(".")[0] for name in names} - self.noted
        if new:
            self.noted |= new
            # A single write keeps the lines of concurrent processes apart.
            to_append = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            descriptor = os.open(self.file, to_append, 0o600)
            os.write(descriptor, "".join(f"{name}\n" for name in new).encode())
            os.close(descriptor)


def install(packages: "Path") -> None:
    """Make every Python that uses the site-packages folder ``packages`` trace names.

    It installs a .pth file: https://docs.python.org/3/library/site.html
    """
    with open(__file__, encoding="utf-8") as source:
        (packages / "name_trace.py").write_text(source.read(), encoding="utf-8")
    (packages / "name_trace.pth").write_text("import name_trace; name_trace.start()\n")


def start() -> None:
    """Trace the names of this process, if VARIABLE names a file."""
    if file := os.environ.get(VARIABLE):
        tracer = Tracer(file)
        tracer.note(list(sys.modules))
        sys.meta_path.insert(0, tracer)


def traced(file: "Path") -> set[str]:
    """Return the names in ``file``, without the tracing module itself."""
    return set(file.read_text(encoding="utf-8").split()) - {"name_trace"}

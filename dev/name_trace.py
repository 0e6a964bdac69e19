"""A trace of the top-level modules that Python looks up.

``install`` copies this file into a virtual environment. Each Python that starts there, the
workers of a server included, appends the names to the file that VARIABLE names.
"""

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:  # What this file imports would be in each trace.
    from pathlib import Path

VARIABLE = "NAME_TRACE"


class Tracer:
    """A finder that finds nothing and notes each name that Python looks up.

    The audit event ``import`` would miss ``importlib.util.find_spec``:
    https://docs.python.org/3/reference/import.html#the-meta-path
    """

    def __init__(self, file: str) -> None:
        """Append the names to ``file``, one a line."""
        self.file = file
        self.noted: set[str] = set()

    def find_spec(self, name: str, path: object = None, target: object = None) -> None:
        """Note ``name``, and the modules that other finders have found meanwhile."""
        self.note([name, *list(sys.modules)])

    def note(self, names: list[str]) -> None:
        """Append the top-level names that are new to this process."""
        new = {name.partition(".")[0] for name in names} - self.noted
        if new:
            self.noted |= new
            # One call, so that processes do not write into each other's lines.
            to_append = os.O_WRONLY | os.O_APPEND | os.O_CREAT
            descriptor = os.open(self.file, to_append, 0o600)
            os.write(descriptor, "".join(f"{name}\n" for name in new).encode())
            os.close(descriptor)


def install(packages: "Path") -> None:
    """Let each Python that has the folder of ``packages`` trace names.

    https://docs.python.org/3/library/site.html
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
    """Return the names in ``file``, without those of the trace itself."""
    return set(file.read_text(encoding="utf-8").split()) - {"name_trace"}

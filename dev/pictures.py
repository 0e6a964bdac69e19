"""Draw the README's pictures: a bake in a terminal, and the page of ``layout=package``."""

import io
import os
import pty
import re
import subprocess
import tempfile
import termios
from collections.abc import Iterable
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import TerminalTheme
from rich.text import Text

from dev.browser import chromium
from dev.commands import COOKIECUTTER, outside_path, run
from dev.projects import bake
from dev.servers import serving
from dev.values import ADDRESS
from dev.variants import ASKED, TEMPLATE

PICTURES = TEMPLATE / "docs" / "images"
PROJECT_NAME = "My App"
COLUMNS = 100
BORDER = '<rect width="100%" height="100%" rx="{}" fill="none" stroke="#8c959f"/>'
COLORS = TerminalTheme(
    background=(16, 23, 29),
    foreground=(230, 237, 243),
    normal=[
        (72, 79, 88),
        (255, 123, 114),
        (126, 231, 135),
        (227, 179, 65),
        (121, 192, 255),
        (210, 168, 255),
        (95, 208, 216),
        (230, 237, 243),
    ],
)
# Rich's default format loads a web font.
TERMINAL = f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{{width}}" viewBox="0 0 {{width}} {{height}}">
<style>
text {{{{ font: {{char_height}}px ui-monospace, Menlo, Consolas, monospace }}}}
{{styles}}
</style>
<defs>
{{lines}}
</defs>
<rect width="100%" height="100%" rx="12" fill="{COLORS.background_color.hex}"/>
{BORDER.format(12)}
<g transform="translate(27 25)">
{{matrix}}
</g>
</svg>
"""


def bake_in_terminal(*arguments: str, folder: Path, typed: Iterable[str] = ()) -> str:
    """Bake in ``folder``, in a pseudo-terminal, and return its output.

    ``arguments`` are cookiecutter's. Each line of ``typed`` answers one prompt.
    """
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (60, COLUMNS))
    process = subprocess.Popen(
        [*COOKIECUTTER, TEMPLATE, *arguments],
        cwd=folder,
        env={
            "HOME": str(folder),
            "PATH": outside_path(),
            "PWD": str(folder),
            "TERM": "xterm-256color",
        },
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    lines, printed = iter(typed), b""
    while chunk := read(ours):
        printed += chunk
        if printed.endswith(b"\x1b[0m: "):
            os.write(ours, next(lines).encode() + b"\n")
    os.close(ours)
    process.wait()
    return printed.decode()


def read(terminal: int) -> bytes:
    """Return the next bytes of the output on ``terminal``, or none at its end."""
    try:
        return os.read(terminal, 4096)
    except OSError:  # On Linux: the other side is closed.
        return b""


def without_traceback(printed: str) -> str:
    """Return ``printed`` with a note instead of cookiecutter's traceback."""
    before, start, rest = printed.partition("Traceback ")
    *traceback, last = (start + rest).splitlines()
    cut = f"[... {len(traceback)} lines of cookiecutter's own traceback are cut here]"
    return f"{before}\x1b[2;3m{cut}\x1b[0m\n{last}"


def folded(line: str) -> str:
    """Return ``line`` wrapped at COLUMNS, or unchanged if it has escape sequences."""
    if "\x1b" in line:
        return line
    return "\n".join(
        line[start : start + COLUMNS] for start in range(0, len(line) or 1, COLUMNS)
    )


def draw_bake(folder: Path) -> str:
    """Return an SVG of two bakes in ``folder``, one with prompts and one rejected.

    The rejected one comes second because a prompt would ask whether to download the
    template again; ``--no-input`` does not.
    """
    answers = [PROJECT_NAME, *[""] * (len(ASKED) - 1)]
    baked = bake_in_terminal(folder=folder, typed=answers)
    rejected = bake_in_terminal("--no-input", "module_name=flask", folder=folder)
    command = f"\x1b[32m$\x1b[0m uvx cookiecutter {ADDRESS}"
    printed = "\n".join(
        [
            command,
            baked,
            f"{command} --no-input module_name=flask",
            without_traceback(rejected),
        ]
    ).replace("\r\n", "\n")
    shown = printed.replace(str(TEMPLATE), ADDRESS)
    printed = "\n".join(map(folded, shown.split("\n")))
    # Rich renders colors, but neither cursor movements nor a terminal's line wrapping.
    assert not re.search(r"\r|\x1b(?!\[[\d;]*m)", printed), printed
    text = Text.from_ansi(printed)
    assert max(map(len, text.plain.splitlines())) <= COLUMNS, text.plain
    margins, lines = 3, 60
    # Without a height, Rich uses the size of the current terminal.
    console = Console(
        record=True, file=io.StringIO(), width=COLUMNS + margins, height=lines
    )
    console.print(text)
    return console.export_svg(
        theme=COLORS, code_format=TERMINAL, font_aspect_ratio=0.6, unique_id="bake"
    )


def draw_page(folder: Path) -> str:
    """Bake a package in ``folder``, serve it, and return an SVG of its page."""
    project = bake(folder, layout="package")
    printed = folder / "page.pdf"
    with (
        serving(["uv", "run", "flask", "run"], project.folder) as server,
        chromium() as browser,
    ):
        page = browser.new_page()
        page.emulate_media(media="screen", color_scheme="light")
        page.goto(server.url)
        page.pdf(path=printed, width="720px", height="360px", print_background=True)
    svg = run(["pdftocairo", "-svg", printed, "-"], folder)
    return svg.replace("</svg>", f"{BORDER.format(0)}\n</svg>")


def main() -> None:
    """Write the pictures to docs/images and print their sizes."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        for name, draw in {"bake": draw_bake, "page": draw_page}.items():
            file = PICTURES / f"{name}.svg"
            file.write_text(draw(folder), encoding="utf-8")
            print(f"{file.relative_to(TEMPLATE)}: {file.stat().st_size} bytes")


if __name__ == "__main__":
    main()

"""Run all measurements and write docs/benchmarks.md, with a plot of those in PLOTTED."""

import argparse
import datetime
import os
import platform
import re
from pathlib import Path

import matplotlib
from matplotlib import pyplot

from dev.targets.benchmarks import bakes, production
from dev.targets.benchmarks.paired import Comparison
from dev.variants import TEMPLATE

DOCS = TEMPLATE / "docs"
TEXT = """\
# Benchmarks

Measured by `make bench` on {date}: {machine}.
Projects in production run on Python {python}, as in the image.

Each round of a comparison measures every row once, in turn. The table has medians: of the
values, and of the ratios to the first row of the same round. Speed differs between machines, and
on this one from minute to minute: compare the ratios.

- Rows with nearly the same code, such as *default* and *container*, show how much is noise.
- *no lines* shows what the request log costs. Each line is a record of `logging`, so any handler gets it.
- An idle connection costs Granian a buffer of 8 kB, with which its HTTP library begins to read.
- A service imports SQLAlchemy and pydantic. Each of its requests on PostgreSQL checks the connection first.

{sections}
"""
SECTION = """\
## {title}

{rounds} rounds.

{table}
"""
PLOT = """
![{title}](images/benchmarks/{name}.svg)
"""
# What people ask first; the tables are enough for the rest.
PLOTTED = {"first-page", "requests", "service"}


def machine() -> str:
    """Return the processor, system and Python version of this machine, in a line."""
    try:
        about = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        (processor,) = set(re.findall(r"^model name\s+: (.+)$", about, re.MULTILINE))
    except (OSError, ValueError):
        processor = platform.machine()
    cores, system = os.cpu_count(), platform.system()
    return f"{cores} cores of {processor}, {system}, Python {platform.python_version()}"


def plot(comparison: Comparison, file: Path) -> None:
    """Draw medians as bars with their ratios, and rounds as dots, and write an SVG."""
    names = list(comparison.values)
    ratios, medians = comparison.ratios(), comparison.medians()
    figure, axes = pyplot.subplots(figsize=(8, 0.6 + 0.45 * len(names)))
    axes.barh(names, list(medians.values()), color="#8ecad0")
    for number, name in enumerate(names):
        each = comparison.values[name]
        axes.scatter(each, [number] * len(each), s=4, color="#0b6b75", zorder=2)
        axes.annotate(
            f"{ratios[name]:.2f}",
            (max(each), number),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
        )
    axes.invert_yaxis()
    axes.margins(x=0.12)
    axes.set_xlabel(comparison.unit)
    axes.spines[["top", "right"]].set_visible(False)
    figure.savefig(file, bbox_inches="tight", metadata={"Date": None})
    pyplot.close(figure)


def main() -> None:
    """Measure and write; ``--rounds`` sets the number of rounds of all comparisons."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int)
    rounds = parser.parse_args().rounds
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "flask-hello"})
    plots = DOCS / "images" / "benchmarks"
    plots.mkdir(parents=True, exist_ok=True)
    sections = []
    for module in (bakes, production):
        for comparison in module.measure(rounds):
            name, title = comparison.name, comparison.title
            facts = {"title": title, "rounds": comparison.rounds}
            section = SECTION.format(**facts, table=comparison.table())
            if name in PLOTTED:
                plot(comparison, plots / f"{name}.svg")
                section += PLOT.format(title=title, name=name)
            sections.append(section)
    text = TEXT.format(
        machine=machine(),
        python=production.PYTHON_VERSION,
        date=datetime.datetime.now(datetime.UTC).date(),
        sections="\n".join(sections).rstrip("\n"),
    )
    (DOCS / "benchmarks.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()

"""Compare measurements taken in turn, since the speed of a machine varies."""

import statistics
import tempfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Comparison:
    """Measurements of several things in the same rounds, in ``unit``.

    Its plot, if any, is ``name``.svg. ``values`` maps every thing to a list with a number
    per round.
    """

    name: str
    title: str
    unit: str
    values: dict[str, list[float]]

    @property
    def rounds(self) -> int:
        """The number of rounds measured."""
        return len(next(iter(self.values.values())))

    def medians(self) -> dict[str, float]:
        """Return the median of every thing."""
        return {name: statistics.median(each) for name, each in self.values.items()}

    def ratios(self) -> dict[str, float]:
        """Return the median of every thing's ratio to the first thing in the same round."""
        first = next(iter(self.values.values()))
        return {
            name: statistics.median(a / b for a, b in zip(each, first, strict=True))
            for name, each in self.values.items()
        }

    def table(self) -> str:
        """Return a Markdown table of the medians and ratios."""
        lines = [f"| | {self.unit} | ratio |", "| --- | ---: | ---: |"]
        ratios = self.ratios()
        for name, median in self.medians().items():
            shown = f"{median:,.0f}" if median >= 10 else f"{median:.3f}"
            lines.append(f"| {name} | {shown} | {ratios[name]:.2f} |")
        return "\n".join(lines)


def compare(
    name: str,
    title: str,
    unit: str,
    actions: Mapping[str, Callable[[Path], Any]],
    rounds: int,
) -> Comparison:
    """Measure ``actions`` in ``rounds``, print the Comparison, and return it.

    An action accepts an empty folder. It takes the time that is measured if ``unit`` is s;
    otherwise it returns a number. Every round runs all actions once, in turn. An extra
    first round warms the caches and is dropped.
    """
    values: dict[str, list[float]] = {thing: [] for thing in actions}
    for _ in range(rounds + 1):
        for thing, action in actions.items():
            with tempfile.TemporaryDirectory() as folder:
                start = time.perf_counter()
                number = action(Path(folder))
                seconds = time.perf_counter() - start
                values[thing].append(seconds if unit == "s" else number)
    measured = {thing: each[1:] for thing, each in values.items()}
    comparison = Comparison(name, title, unit, measured)
    print(f"{title}, {rounds} rounds", comparison.table(), sep="\n", end="\n\n")
    return comparison

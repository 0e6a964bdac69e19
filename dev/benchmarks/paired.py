"""Measure several things side by side, on a machine whose speed changes."""

import statistics
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Comparison:
    """What was measured of several things in the same rounds.

    Its plot is the file ``name``.svg.     ``values`` has a list for each thing, with a number for each round.
    """

    name: str
    title: str
    unit: str
    values: dict[str, list[float]]

    @property
    def rounds(self) -> int:
        """How many rounds count."""
        return len(next(iter(self.values.values())))

    def medians(self) -> dict[str, float]:
        """Return the median of each thing."""
        return {name: statistics.median(each) for name, each in self.values.items()}

    def ratios(self) -> dict[str, float]:
        """Return the median, over the rounds, of each thing's ratio to the first one."""
        first = next(iter(self.values.values()))
        return {
            name: statistics.median(a / b for a, b in zip(each, first, strict=True))
            for name, each in self.values.items()
        }

    def table(self) -> str:
        """Return the medians and ratios as a table in Markdown."""
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
    actions: Mapping[str, Callable[[Path], float]],
    rounds: int,
) -> Comparison:
    """Return the Comparison of ``actions``, and print it.

    An action takes an empty folder and returns a number. Each round does all of them
    once, in turn. The first round, which warms the caches, does not count.
    """
    values: dict[str, list[float]] = {thing: [] for thing in actions}
    for _ in range(rounds + 1):
        for thing, action in actions.items():
            with tempfile.TemporaryDirectory() as folder:
                values[thing].append(action(Path(folder)))
    measured = {thing: each[1:] for thing, each in values.items()}
    comparison = Comparison(name, title, unit, measured)
    print(f"{title}, {rounds} rounds", comparison.table(), sep="\n", end="\n\n")
    return comparison

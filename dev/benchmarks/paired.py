"""Measure several things side by side, on a machine whose speed changes."""

import statistics
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Comparison:
    """What was measured of several things in the same rounds.

    Its plot is the file ``name``.svg. ``values`` has a list for each thing, with a number
    for each round; ``facts`` may have other columns of the table, by name, for each thing.
    """

    name: str
    title: str
    unit: str
    values: dict[str, list[float]]
    facts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

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
        names = list(next(iter(self.facts.values()), {}))
        head = "".join(f" {name} |" for name in names)
        lines = [f"| |{head} {self.unit} | ratio |"]
        lines.append("| --- |" + " --- |" * len(names) + " ---: | ---: |")
        ratios = self.ratios()
        for name, median in self.medians().items():
            shown = f"{median:,.0f}" if median >= 10 else f"{median:.3f}"
            facts = "".join(f" {self.facts[name][each]} |" for each in names)
            lines.append(f"| {name} |{facts} {shown} | {ratios[name]:.2f} |")
        return "\n".join(lines)


def compare(
    name: str,
    title: str,
    unit: str,
    actions: Mapping[str, Callable[[Path], float]],
    rounds: int,
    facts: Mapping[str, Mapping[str, str]] | None = None,
) -> Comparison:
    """Return the Comparison of ``actions``, with other columns or not, and print it.

    An action takes an empty folder and returns a number. Each round does all of them
    once, in turn. The first round, which warms the caches, does not count.
    """
    values: dict[str, list[float]] = {thing: [] for thing in actions}
    for _ in range(rounds + 1):
        for thing, action in actions.items():
            with tempfile.TemporaryDirectory() as folder:
                values[thing].append(action(Path(folder)))
    measured = {thing: each[1:] for thing, each in values.items()}
    comparison = Comparison(name, title, unit, measured, facts or {})
    print(f"{title}, {rounds} rounds", comparison.table(), sep="\n", end="\n\n")
    return comparison

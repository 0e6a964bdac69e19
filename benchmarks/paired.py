"""Time several things side by side, on a machine whose speed changes."""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path


def compare(title, actions, rounds):
    """Print the median seconds of each of the ``actions``, and its ratio to the first.

    An action takes an empty folder and returns how long it took. Each round does all of
    them once, in turn, and the ratios are taken within a round. The first round, which
    warms the caches, does not count. ``--rounds`` on the command line overrides ``rounds``.
    """
    parser = argparse.ArgumentParser(description=title)
    parser.add_argument("--rounds", type=int, default=rounds)
    rounds = parser.parse_args().rounds
    seconds = {name: [] for name in actions}
    for _ in range(rounds + 1):
        for name, action in actions.items():
            with tempfile.TemporaryDirectory() as folder:
                seconds[name].append(action(Path(folder)))
    print(f"{title}, {rounds} rounds, Python {sys.version.split()[0]}")
    first, *_ = seconds.values()
    for name, values in seconds.items():
        ratios = [value / base for value, base in zip(values, first, strict=True)]
        median = statistics.median(values[1:])
        print(f"{name:28} {median:.3f} s  {statistics.median(ratios[1:]):.2f}")

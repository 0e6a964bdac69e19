"""Measure what users wait for: ``python -m dev.targets.benchmarks``."""

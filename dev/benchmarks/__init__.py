"""What users wait for, measured side by side: ``python -m dev.benchmarks``."""

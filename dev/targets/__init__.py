"""What make runs: ``python -m dev.targets.NAME``."""

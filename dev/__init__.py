"""The tools to work on the template, each run with ``python -m dev.NAME``."""

"""Tools for work on the template; run one with ``python -m dev.NAME``."""

"""The whole shop on one machine, for development and for tests: `python -m dev run`."""

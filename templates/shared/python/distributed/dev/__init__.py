"""Runs the whole shop on one machine, for development and tests: `python -m dev run`."""

"""blueprint: choose an architecture with numbers, and generate a working shop in it."""

__version__ = "0.1.0"

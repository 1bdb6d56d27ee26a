"""blueprint: recommend an architecture with numbers you can check, and generate a working shop."""

__version__ = "0.1.0"

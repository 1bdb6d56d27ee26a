"""`blueprint new`: create a project."""

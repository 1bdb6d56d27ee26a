"""`blueprint new`: make a project."""

"""`blueprint update`: apply a newer pattern or other answers to a project."""

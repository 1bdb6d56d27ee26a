"""`blueprint update`: bring a project up to its pattern."""

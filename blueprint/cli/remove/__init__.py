"""`blueprint remove`: remove a template from a project."""

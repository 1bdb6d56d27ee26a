"""`blueprint show`: show the templates of a project."""

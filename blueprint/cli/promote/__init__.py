"""`blueprint promote`: make a context of a project a deployable."""

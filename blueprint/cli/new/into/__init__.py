"""`blueprint new --into`: add a pattern to a project as a further template."""

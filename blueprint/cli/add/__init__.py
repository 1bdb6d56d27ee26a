"""`blueprint add`: add an item, such as a service, to a project."""

"""`blueprint adopt`: adopt a project that another tool created."""

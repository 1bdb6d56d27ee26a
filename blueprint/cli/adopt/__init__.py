"""`blueprint adopt`: take over a project that another tool made."""

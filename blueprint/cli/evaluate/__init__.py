"""`blueprint evaluate`: read the needs off a running system."""

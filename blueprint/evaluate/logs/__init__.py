"""Access logs: one module for each format, and what the requests in them say about the needs."""

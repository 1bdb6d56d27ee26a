"""Service demands of a running shop: CPU, latency and memory by kind of request."""

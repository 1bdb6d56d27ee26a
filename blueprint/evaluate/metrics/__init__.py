"""Metrics of Prometheus: rates of events, lag of consumers, size and growth of the data."""

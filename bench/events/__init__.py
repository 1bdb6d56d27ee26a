"""Throughput and latency of analytics on a real broker."""

"""Benchmark of the generated shop on real servers, compared with bare code and, optionally, a peer."""

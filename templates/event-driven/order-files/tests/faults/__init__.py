"""Fault tests with real processes and a real broker: every order ends despite crashes and duplicates."""

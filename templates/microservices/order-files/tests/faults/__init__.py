"""Fault tests with real processes: every order ends consistently despite crashes and network faults."""

"""Faults on real processes and a real broker: whatever dies, hangs or comes twice, every order ends."""

"""Faults on real processes: whatever dies, hangs or is lost, every order ends and everything adds up."""

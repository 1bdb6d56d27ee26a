"""Audit snapshots of the contexts."""

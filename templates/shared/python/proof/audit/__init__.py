"""The audit: snapshots of all contexts, checked against the shop's invariants."""

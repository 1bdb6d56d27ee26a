"""The audit: what the contexts tell of themselves, and whether that fits together."""

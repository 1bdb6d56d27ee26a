"""The analytics service: what happens right now."""

"""Pictures of the documentation, made from the real commands."""

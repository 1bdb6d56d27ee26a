"""`blueprint skill`: instructions for coding agents."""

"""The content service: it hosts content."""

"""Hosting of a bounded context as a separate service."""

"""Copier templates as patterns."""

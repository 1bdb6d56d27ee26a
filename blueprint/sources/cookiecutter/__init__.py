"""Cookiecutter templates as patterns."""

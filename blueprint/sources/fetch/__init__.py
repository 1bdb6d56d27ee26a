"""Bring a source to this machine: git repositories and zip files."""

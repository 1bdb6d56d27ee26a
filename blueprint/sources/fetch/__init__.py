"""Fetch sources into the cache: git repositories and zip files."""

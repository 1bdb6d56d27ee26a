"""Tests of the whole shop in Python, apart from the acceptance tests."""

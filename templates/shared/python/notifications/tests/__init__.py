"""Tests of notifications alone."""

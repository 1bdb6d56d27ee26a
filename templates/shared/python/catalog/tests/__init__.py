"""Tests of the catalog context alone."""

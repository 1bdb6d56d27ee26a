"""Tests of the content context alone."""

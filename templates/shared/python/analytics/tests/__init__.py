"""Tests of analytics alone."""

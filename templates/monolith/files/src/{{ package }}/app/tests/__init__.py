"""Tests of the contexts together."""

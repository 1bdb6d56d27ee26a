"""Tests of orders alone."""

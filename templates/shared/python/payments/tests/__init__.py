"""Tests of payments alone."""

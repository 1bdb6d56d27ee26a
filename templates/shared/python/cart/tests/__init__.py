"""Tests of cart alone."""

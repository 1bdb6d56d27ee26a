"""Tests of catalog alone."""

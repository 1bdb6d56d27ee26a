"""Tests of the analytics context."""

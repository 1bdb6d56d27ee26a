"""Tests of the order saga."""

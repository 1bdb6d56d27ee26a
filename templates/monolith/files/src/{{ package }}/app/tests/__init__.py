"""Tests across contexts."""

"""Tests of the inventory context alone."""

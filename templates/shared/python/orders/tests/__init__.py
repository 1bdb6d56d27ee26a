"""Tests of the orders context alone."""

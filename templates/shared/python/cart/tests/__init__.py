"""Tests of the cart context alone."""

"""Tests of the notifications context alone."""

"""Tests of inventory alone."""

"""Tests of the choreography library."""

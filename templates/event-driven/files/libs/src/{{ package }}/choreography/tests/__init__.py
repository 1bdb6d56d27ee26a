"""Tests of what choreography shares."""

"""Tests of all services together."""

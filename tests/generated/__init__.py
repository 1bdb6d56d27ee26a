"""Tests of generated projects over all options: first their files, then their own test suites."""

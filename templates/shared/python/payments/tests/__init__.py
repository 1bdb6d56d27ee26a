"""Tests of the payments context alone."""

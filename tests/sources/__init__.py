"""Tests of where patterns come from."""

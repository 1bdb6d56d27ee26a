"""Tests of the cart service."""

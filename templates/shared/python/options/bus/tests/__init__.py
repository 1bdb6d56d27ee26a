"""Tests of the bus: on a file, or on the broker in TEST_BUS_URL."""

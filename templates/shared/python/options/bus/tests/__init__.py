"""Tests of the event bus, embedded or on the broker in TEST_BUS_URL."""

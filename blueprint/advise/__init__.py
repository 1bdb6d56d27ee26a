"""Recommendation model: pure functions from Needs to a Recommendation, over versioned data files."""

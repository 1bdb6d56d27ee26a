"""Needs to Recommendation: pure functions over versioned data files."""

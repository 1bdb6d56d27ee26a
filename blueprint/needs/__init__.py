"""Needs of a system: traffic, data, consistency, team and targets, with their questions and file format."""

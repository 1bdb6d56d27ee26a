"""Groupings of modules into deployables: which there are, their scores, their sizes, and the way to them."""

"""Comparison of the three shops under the same load."""

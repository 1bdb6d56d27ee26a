"""Evaluation of a running system: measured needs and findings, each with its evidence."""

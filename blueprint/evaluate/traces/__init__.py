"""Distributed traces: which services there are, how they call each other, and what commits together."""

"""Contracts: what a service expects of another, recorded from its clients, and what the other offers."""

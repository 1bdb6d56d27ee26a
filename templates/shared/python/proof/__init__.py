"""Proof that the shop is right: nothing else needs this package."""

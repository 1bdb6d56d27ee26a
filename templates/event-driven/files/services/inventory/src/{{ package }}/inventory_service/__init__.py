"""Inventory service: stock and reservations."""

"""Catalog service: products and prices."""

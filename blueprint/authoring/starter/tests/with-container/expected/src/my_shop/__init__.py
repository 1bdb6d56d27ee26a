"""my-shop: a small web service."""

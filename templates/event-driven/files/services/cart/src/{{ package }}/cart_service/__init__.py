"""The cart service: what users are about to buy."""

"""The catalog service: what there is to buy."""

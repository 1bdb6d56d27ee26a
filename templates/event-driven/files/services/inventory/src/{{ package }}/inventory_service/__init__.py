"""The inventory service: how much there is, and what orders make of it."""

"""The inventory service: how much of it there is."""

"""The notifications service: what users are told."""

"""The identity service: who is calling."""

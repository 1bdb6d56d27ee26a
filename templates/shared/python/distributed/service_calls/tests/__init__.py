"""Calls between services, with real sockets."""

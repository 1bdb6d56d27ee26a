"""Tests of calls between services, over real sockets."""

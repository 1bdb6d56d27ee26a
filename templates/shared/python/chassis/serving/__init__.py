"""Serving a program: the ASGI application, the HTTP server and the command line."""

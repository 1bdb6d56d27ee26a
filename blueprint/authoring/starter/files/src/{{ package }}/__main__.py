"""Serve the application on port 8000 of the address in HOST (default: 127.0.0.1)."""

import os
from wsgiref.simple_server import make_server

from .service import application

with make_server(os.environ.get("HOST", "127.0.0.1"), 8000, application) as server:
    server.serve_forever()

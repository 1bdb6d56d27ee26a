"""Serve on port 8000, on the address in HOST or on this machine only."""

import os
from wsgiref.simple_server import make_server

from .service import application

with make_server(os.environ.get("HOST", "127.0.0.1"), 8000, application) as server:
    server.serve_forever()

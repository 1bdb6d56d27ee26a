"""security.txt (RFC 9116): to whom people report a vulnerability."""

from pathlib import Path

from fastapi import APIRouter, Response

PATH = "/.well-known/security.txt"
_FILE = Path(__file__).with_name("security.txt")


def router() -> APIRouter:
    """Return the route of the file."""
    routes = APIRouter(include_in_schema=False)
    text = _FILE.read_bytes()

    @routes.get(PATH)
    async def serve() -> Response:
        return Response(text, media_type="text/plain")

    return routes

"""Dashboard page: static files that fetch the figures with the administrator's token."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from fastapi import APIRouter, Response

# Only resources from this origin; no inline scripts or styles.
_POLICY = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
_HEADERS = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-cache"}
_STATIC = Path(__file__).parent / "static"
_TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}


def router() -> APIRouter:
    """Return the routes of the page and its static files."""
    routes = APIRouter(include_in_schema=False)
    for path in _STATIC.iterdir():
        route = "/analytics" if path.name == "index.html" else f"/analytics/{path.name}"
        routes.add_api_route(route, _serving(path.read_bytes(), _TYPES[path.suffix]))
    return routes


def _serving(content: bytes, media_type: str) -> Callable[[], Awaitable[Response]]:
    async def serve() -> Response:
        return Response(content, headers=_HEADERS, media_type=media_type)

    return serve

"""Documentation page: Swagger UI from an installed package, so that it needs no network."""

from collections.abc import Awaitable, Callable, Sequence
from html import escape
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.openapi.docs import get_swagger_ui_oauth2_redirect_html

_SWAGGER = files("fastapi_swagger") / "resources"
_FILES = {
    "swagger-ui.css": (_SWAGGER / "swagger-ui.css", "text/css"),
    "swagger-ui-bundle.js": (_SWAGGER / "swagger-ui-bundle.js", "text/javascript"),
    "favicon.png": (_SWAGGER / "favicon-32x32.png", "image/png"),
    "docs.js": (Path(__file__).with_name("docs.js"), "text/javascript"),
}
_PAGE = """<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>{title}</title>
  <link rel="icon" href="/docs/favicon.png">
  <link rel="stylesheet" href="/docs/swagger-ui.css">
  <script src="/docs/swagger-ui-bundle.js" defer></script>
  <script type="module" src="/docs/docs.js"></script>
</head>
<body><div id="docs" data-documents="{documents}"></div></body>
</html>
"""
_HEADERS = {"Cache-Control": "no-cache"}


def router(title: str, documents: Sequence[str]) -> APIRouter:
    """Return the routes of one page that shows `documents`, the paths of OpenAPI documents."""
    routes = APIRouter(include_in_schema=False)
    page = _PAGE.format(title=escape(title), documents=escape(" ".join(documents)))
    redirect = bytes(get_swagger_ui_oauth2_redirect_html().body)
    routes.add_api_route("/docs", _serving(page.encode(), "text/html"))
    routes.add_api_route("/docs/oauth2-redirect", _serving(redirect, "text/html"))
    for name, (file, media_type) in _FILES.items():
        routes.add_api_route(f"/docs/{name}", _serving(file.read_bytes(), media_type))
    return routes


def _serving(content: bytes, media_type: str) -> Callable[[], Awaitable[Response]]:
    async def serve() -> Response:
        return Response(content, headers=_HEADERS, media_type=media_type)

    return serve

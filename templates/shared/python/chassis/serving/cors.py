"""Cross-origin resource sharing (CORS): which web pages may call the shop from a browser."""

import re
from typing import Annotated

from pydantic import AfterValidator
from starlette.datastructures import Headers
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import Response
from starlette.types import ASGIApp

from ..http.middleware import valid_request_id
from ..settings import Listed, Settings

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
REQUEST_HEADERS = ("Authorization", "Idempotency-Key", "If-Match", "If-None-Match", "X-Request-ID")
RESPONSE_HEADERS = (
    "ETag",
    "Idempotent-Replayed",
    "Location",
    "Retry-After",
    "WWW-Authenticate",
    "X-Request-ID",
)


def _checked(origin: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+", origin):
        raise ValueError("an origin is written like https://shop.example, without a path")
    return origin


class CorsSettings(Settings):
    """Origins of these web pages: `https://shop.example`, `http://localhost:*`."""

    cors_origins: Listed[Annotated[str, AfterValidator(_checked)]] = ()


def with_cors(app: ASGIApp, settings: CorsSettings) -> ASGIApp:
    """Return `app` with the CORS headers for the configured origins; without any, return it unchanged.

    Credentials are not allowed: tokens are in a header, and the shop has no cookies. In an origin, `*` stands
    for a port or for one label of the host's name.
    """
    if not settings.cors_origins:
        return app
    return _Cors(
        app,
        allow_origin_regex="|".join(
            re.escape(each).replace(r"\*", "[A-Za-z0-9-]+") for each in settings.cors_origins
        ),
        allow_methods=METHODS,
        allow_headers=REQUEST_HEADERS,
        expose_headers=RESPONSE_HEADERS,
    )


class _Cors(CORSMiddleware):
    """Answers preflight requests itself, so they do not reach the middleware that gives request ids."""

    def preflight_response(self, request_headers: Headers) -> Response:
        """Return the answer with a request id, like every response of the shop."""
        response = super().preflight_response(request_headers)
        given = request_headers.get("x-request-id", "").encode("latin-1")
        response.headers["X-Request-ID"] = valid_request_id(given).decode()
        return response

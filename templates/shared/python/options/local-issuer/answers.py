"""JSON responses of the issuer's endpoints for programs."""

from typing import Any

from starlette.responses import JSONResponse, Response

NO_STORE = {"Cache-Control": "no-store"}


def answer(body: dict[str, Any], status: int = 200) -> Response:
    """Return a response that must not be stored."""
    return JSONResponse(body, status, NO_STORE)


def error(status: int, code: str, description: str) -> Response:
    """Return an error (RFC 6749, section 5.2)."""
    headers = NO_STORE | ({"WWW-Authenticate": "Basic"} if status == 401 else {})
    return JSONResponse({"error": code, "error_description": description}, status, headers)

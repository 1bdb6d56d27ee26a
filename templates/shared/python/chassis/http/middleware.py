"""Request middleware: request ids, security headers, and limits for bodies and response times.

This is plain ASGI, because Starlette's BaseHTTPMiddleware costs a task and a queue per request.
"""

import asyncio
import logging
import re
from uuid import uuid4

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .. import timeouts
from .context import request_id as current_request_id
from .health import Health
from .problems import answer

log = logging.getLogger(__name__)
BODY_LIMIT = 64 * 1024
_REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_SECURITY = [
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"content-security-policy", b"frame-ancestors 'none'"),
]
_CLOSE = (b"connection", b"close")
_NO_STORE = (b"cache-control", b"no-store")
_TOO_SLOW = "The request took too long. Try again later."
_TOO_LARGE = f"The request body exceeds {BODY_LIMIT:,} bytes."


class RequestMiddleware:
    """The outermost middleware of the application."""

    def __init__(self, app: ASGIApp, health: Health) -> None:
        self._app = app
        self._health = health

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one ASGI connection."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["method"] == "HEAD":
            # HEAD is GET without the body, which the server does not send (RFC 9110, 9.3.2).
            scope["method"] = "GET"
        headers = dict(scope["headers"])
        request_id = valid_request_id(headers.get(b"x-request-id"))
        scope.setdefault("state", {})["request_id"] = request_id.decode()
        current_request_id.set(request_id.decode())
        extra = [*_SECURITY, (b"x-request-id", request_id)]
        if self._health.draining:
            # A client that kept the connection open would find it closed at its next request.
            extra.append(_CLOSE)

        limit = asyncio.timeout(timeouts.REQUEST)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                if not limit.expired():
                    # A stream may last longer.
                    limit.reschedule(None)
                if all(name.lower() != _NO_STORE[0] for name, _ in message["headers"]):
                    # Caches must not store a response, unless its route allows it.
                    extra.append(_NO_STORE)
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        app = self._refusal(scope, headers) or self._app
        if b"content-length" not in headers:
            # Chunks, or a body of HTTP/2, which announces neither its length nor that there is one.
            receive = _limit_body(receive)
        try:
            async with limit:
                await app(scope, receive, send_with_headers)
        except Exception as error:
            if isinstance(error, TimeoutError) and limit.expired():
                log.error("%s %s took longer than %d s", scope["method"], scope["path"], timeouts.REQUEST)
                late = answer(Request(scope), 503, "unavailable", _TOO_SLOW, headers={"Retry-After": "1"})
                await late(scope, receive, send_with_headers)
                return
            # Starlette has already sent the response; it raises again so that the error can be logged.
            log.exception("%s %s failed", scope["method"], scope["path"])

    def _refusal(self, scope: Scope, headers: dict[bytes, bytes]) -> ASGIApp | None:
        length = headers.get(b"content-length", b"0")
        if not length.isdigit() or int(length) > BODY_LIMIT:
            return answer(Request(scope), 413, "too-large", _TOO_LARGE)
        has_body = length != b"0" or b"transfer-encoding" in headers
        if (
            has_body
            and headers.get(b"content-type", b"").split(b";")[0].strip().lower() != b"application/json"
        ):
            detail = "The request body must be application/json."
            return answer(Request(scope), 415, "unsupported-media-type", detail)
        return None


def valid_request_id(given: bytes | None) -> bytes:
    """Return the id that a request has if it is valid, and a new one otherwise."""
    if given is not None and _REQUEST_ID.fullmatch(given):
        return given
    return uuid4().hex.encode()


def _limit_body(receive: Receive) -> Receive:
    seen = 0

    async def receive_within_limit() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > BODY_LIMIT:
            raise HTTPException(413, _TOO_LARGE)
        return message

    return receive_within_limit

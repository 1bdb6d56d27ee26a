"""Stand-in for the shop, run as `standin.py PORT JOURNAL`.

It writes each request to the journal before it responds. The first request of an ID with the header `X-Crash`
kills the process. `.../stream` is a stream of events.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.server.embed import Server

JOURNAL = Path(sys.argv[2])
NEXT = asyncio.Event()
SECURITY = [(b"x-content-type-options", b"nosniff"), (b"x-frame-options", b"DENY"), (b"server", b"standin")]
PRODUCT = [(b"cache-control", b"public, max-age=2"), (b"etag", b'"1"')]


async def app(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """Respond after a short delay, as a shop would."""
    if scope["type"] != "http":
        return
    headers = dict(scope["headers"])
    request_id = headers.get(b"x-request-id", b"-").decode()
    crash = b"x-crash" in headers and not (JOURNAL.exists() and f" {request_id}\n" in JOURNAL.read_text())
    with JOURNAL.open("a") as journal:
        journal.write(f"{scope['method']} {scope['path']} {request_id}\n")
    if crash:
        os.kill(os.getpid(), signal.SIGKILL)
    if scope["path"].endswith("/stream"):
        await stream(send)
        return
    if scope["path"].endswith("/next"):
        NEXT.set()
    if scope["path"] == "/v1/orders":
        await asyncio.sleep(0.02)
    product = scope["path"].startswith("/v1/products")
    known = product and headers.get(b"if-none-match") == b'"1"'
    body = b"" if known else b'{"status": "ok"}'
    answer = [(b"content-length", b"%d" % len(body)), (b"x-request-id", request_id.encode())]
    answer += SECURITY + (PRODUCT if product else [])
    await send({"type": "http.response.start", "status": 304 if known else 200, "headers": answer})
    await send({"type": "http.response.body", "body": body})


async def stream(send: Callable[[dict[str, Any]], Awaitable[None]]) -> None:
    """Send an event, and a second one after a request for `.../next`."""
    answer = [(b"content-type", b"text/event-stream"), (b"x-accel-buffering", b"no")]
    await send({"type": "http.response.start", "status": 200, "headers": answer})
    await send({"type": "http.response.body", "body": b"data: 1\n\n", "more_body": True})
    await NEXT.wait()
    await send({"type": "http.response.body", "body": b"data: 2\n\n"})


if __name__ == "__main__":
    # Without Granian's supervisor, so that tests kill the process that serves.
    server = Server(app, address="127.0.0.1", port=int(sys.argv[1]), interface=Interfaces.ASGI)
    asyncio.run(server.serve())

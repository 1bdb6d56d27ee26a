"""Live stream of summaries as server-sent events."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from chassis.http.problems import Problem

from .domain import Summary

TICK_SECONDS = 0.5
CLIENTS = 100
# Disconnect clients that accept no data for this long.
SEND_SECONDS = 10.0
# Then clients reconnect, which verifies their tokens again.
LIFE_SECONDS = 300.0


class TooManyClients(Problem):
    """The process serves its maximum number of stream clients."""

    def __init__(self) -> None:
        detail = "Too many clients follow the stream. Try again later."
        super().__init__(503, "unavailable", detail, headers={"Retry-After": "5"})


class Stream:
    """Lets clients follow the summary.

    Every message is a complete summary, so that slow clients can skip some. One is sent every tick, even if
    nothing has changed: it shows the client that the connection is alive.
    """

    def __init__(self, summary: Callable[[], Summary], ending: Callable[[], bool]) -> None:
        """`ending` returns whether the process is shutting down and clients should reconnect elsewhere."""
        self.ending = ending
        self._summary = summary
        self._clients = 0
        self._message = b""
        self._stale_at = 0.0

    def message(self) -> bytes:
        """Return the summary as a message, shared by all clients within a tick."""
        if time.monotonic() >= self._stale_at:
            self._stale_at = time.monotonic() + TICK_SECONDS / 2
            self._message = b"data: " + msgspec.json.encode(self._summary()) + b"\n\n"
        return self._message

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Hold one of the client slots during the block; raise `TooManyClients` if all are in use."""
        if self._clients >= CLIENTS:
            raise TooManyClients
        self._clients += 1
        try:
            yield
        finally:
            self._clients -= 1


class LiveResponse(Response):
    """A streamed response that ends with the client, with the process, or after `LIFE_SECONDS`."""

    media_type = "text/event-stream"

    def __init__(self, stream: Stream) -> None:
        # X-Accel-Buffering: no makes proxies that support it forward each message immediately.
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the ASGI connection."""
        with self._stream.slot():
            sending = asyncio.create_task(self._send_messages(send))
            disconnected = asyncio.create_task(_disconnected(receive))
            try:
                await asyncio.wait({sending, disconnected}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                sending.cancel()
                disconnected.cancel()
                await asyncio.gather(sending, disconnected, return_exceptions=True)

    async def _send_messages(self, send: Send) -> None:
        end = time.monotonic() + LIFE_SECONDS
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        while time.monotonic() < end and not self._stream.ending():
            async with asyncio.timeout(SEND_SECONDS):
                message = self._stream.message()
                await send({"type": "http.response.body", "body": message, "more_body": True})
            await asyncio.sleep(TICK_SECONDS)
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass

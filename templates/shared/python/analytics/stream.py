"""The windows as a live stream of server-sent events."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import msgspec
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from ..chassis.problems import Problem
from .domain import Summary

TICK_SECONDS = 0.5
CLIENTS = 100
# A client that takes nothing for so long is let go.
SEND_SECONDS = 10.0
# Then a client has to come again, with a token that is still good.
LIFE_SECONDS = 300.0


class TooManyClients(Problem):
    """As many clients follow the stream as one process bears."""

    def __init__(self) -> None:
        super().__init__(503, "unavailable", "Too many clients follow.", headers={"Retry-After": "5"})


class Stream:
    """Lets clients follow the windows.

    Each message has all windows, so a client needs none of the messages before, and a slow one is sent fewer.
    There is one every tick, whatever happens: it tells the client that the connection lives.
    """

    def __init__(self, summary: Callable[[], Summary], ending: Callable[[], bool]) -> None:
        """`ending` says whether the process is about to stop, and clients should go elsewhere."""
        self.ending = ending
        self._summary = summary
        self._clients = 0
        self._message = b""
        self._stale_at = 0.0

    def message(self) -> bytes:
        """Return the windows as a message, the same for all clients within one tick."""
        if time.monotonic() >= self._stale_at:
            self._stale_at = time.monotonic() + TICK_SECONDS / 2
            self._message = b"data: " + msgspec.json.encode(self._summary()) + b"\n\n"
        return self._message

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Take one of the places for the time of the block; raise `TooManyClients`."""
        if self._clients >= CLIENTS:
            raise TooManyClients
        self._clients += 1
        try:
            yield
        finally:
            self._clients -= 1


class LiveResponse(Response):
    """An answer that goes on until the client or the process goes, or its life is over."""

    media_type = "text/event-stream"

    def __init__(self, stream: Stream) -> None:
        # X-Accel-Buffering: proxies that know it pass each message on at once.
        super().__init__(headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._stream = stream

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection event as ASGI says."""
        with self._stream.slot():
            sending = asyncio.create_task(self._send_messages(send))
            gone = asyncio.create_task(_disconnected(receive))
            try:
                await asyncio.wait({sending, gone}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                sending.cancel()
                gone.cancel()
                await asyncio.gather(sending, gone, return_exceptions=True)

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

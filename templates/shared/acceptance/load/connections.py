"""Bounded pool of keep-alive HTTP/1.1 connections to one address, each with one request in flight."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from dataclasses import dataclass

import h11


class RequestFailed(Exception):
    """A request got no response; `kind` is connect, closed (before any byte), cut, timeout or malformed."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


@dataclass(frozen=True, slots=True)
class Response:
    """Complete response."""

    status: int
    body: bytes
    headers: list[tuple[bytes, bytes]]


class Connection(asyncio.Protocol):
    """Connection that sends one request at a time and waits for its response."""

    def __init__(self) -> None:
        self.usable = True
        self._http = h11.Connection(h11.CLIENT)
        self._transport: asyncio.Transport | None = None
        self._answer: asyncio.Future[Response] | None = None
        self._head: h11.Response | None = None
        self._body = bytearray()
        self._started = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    async def exchange(self, head: h11.Request, body: bytes, timeout: float) -> Response:
        """Send a request and return its response; `timeout` in seconds. Raises RequestFailed."""
        if not self.usable or self._transport is None:
            raise RequestFailed("closed")
        loop = asyncio.get_running_loop()
        self._answer = loop.create_future()
        self._head, self._body, self._started = None, bytearray(), False
        events = (head, h11.Data(data=body), h11.EndOfMessage())
        self._transport.write(b"".join(self._http.send(event) or b"" for event in events))
        timer = loop.call_later(timeout, self._fail, "timeout")
        try:
            return await self._answer
        finally:
            timer.cancel()
            self._answer = None

    def data_received(self, data: bytes) -> None:
        if self._answer is None:  # sent without a request, for example 408 before closing
            self.close()
            return
        self._started = True
        try:
            self._receive(data)
        except h11.RemoteProtocolError:
            self._fail("malformed")

    def connection_lost(self, exc: Exception | None) -> None:
        self.usable = False
        if self._head and not exc:
            with contextlib.suppress(h11.RemoteProtocolError):
                self._receive(b"")  # the end of the connection may be that of the response
        self._fail("cut" if self._started else "closed")

    def close(self) -> None:
        """Close the connection for good."""
        self.usable = False
        if self._transport is not None:
            self._transport.close()

    def _receive(self, data: bytes) -> None:
        self._http.receive_data(data)
        while True:
            match self._http.next_event():
                case h11.Response() as head:
                    self._head = head
                case h11.Data(data=part):
                    self._body += part
                case h11.EndOfMessage():
                    self._finish()
                    return
                case h11.InformationalResponse():
                    pass
                case _:  # more data is needed
                    return

    def _finish(self) -> None:
        if self._http.trailing_data[0]:
            self._fail("malformed")
            return
        if self._http.states == {h11.CLIENT: h11.DONE, h11.SERVER: h11.DONE}:
            self._http.start_next_cycle()
        else:
            self.close()
        if self._head and self._answer and not self._answer.done():
            response = Response(self._head.status_code, bytes(self._body), list(self._head.headers))
            self._answer.set_result(response)

    def _fail(self, kind: str) -> None:
        self.close()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(RequestFailed(kind))


class Pool:
    """Pool of at most `size` connections to host:port; requests wait in order for a free one."""

    def __init__(self, host: str, port: int, size: int) -> None:
        self.waited = 0
        self._address = (host, port)
        self._free_slots = size
        self._idle: list[Connection] = []
        self._waiters: deque[asyncio.Future[None]] = deque()

    async def fetch(self, head: h11.Request, body: bytes, timeout: float) -> Response:
        """Send a request over a free connection and return its response. Raises RequestFailed.

        `timeout` in seconds applies to connecting and to the exchange separately.
        """
        connection = await self._acquire(timeout)
        try:
            return await connection.exchange(head, body, timeout)
        finally:
            self._release(connection)

    def close(self) -> None:
        """Close all idle connections."""
        for connection in self._idle:
            connection.close()

    async def _acquire(self, timeout: float) -> Connection:
        if self._free_slots == 0:
            self.waited += 1
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiters.append(waiter)
            await waiter
        else:
            self._free_slots -= 1
        while self._idle:
            connection = self._idle.pop()
            if connection.usable:
                return connection
        try:
            return await self._connect(timeout)
        except OSError as error:
            self._free_slot()
            raise RequestFailed("connect") from error

    async def _connect(self, timeout: float) -> Connection:
        async with asyncio.timeout(timeout):
            loop = asyncio.get_running_loop()
            _, connection = await loop.create_connection(Connection, *self._address)
            return connection

    def _release(self, connection: Connection) -> None:
        if connection.usable:
            self._idle.append(connection)
        self._free_slot()

    def _free_slot(self) -> None:
        while self._waiters:
            waiter = self._waiters.popleft()
            if not waiter.done():
                waiter.set_result(None)
                return
        self._free_slots += 1

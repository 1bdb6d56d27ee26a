"""Simulated network between the services, which can lose, delay and duplicate calls."""

import asyncio
import re
import threading
from collections.abc import Awaitable, Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

T = TypeVar("T")
Deliver = Callable[[], Awaitable[bytes]]
Fault = Callable[[Deliver], Awaitable[bytes]]
"""Handles a call: delivers it or not, and returns the response or raises `OSError`."""

STEPS = {
    "look up": "POST /internal/products/lookup",
    "reserve": "PUT /internal/reservations",
    "debit": "PUT /internal/payments",
    "commit": "POST /internal/reservations/commit",
    "release": "POST /internal/reservations/[^/]+/release",
    "restock": "POST /internal/reservations/[^/]+/restock",
    "refund": "POST /internal/payments/[^/]+/refund",
    "clear cart": "POST /internal/carts/[^/]+/removals",
}
_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)


async def deliver(send: Deliver) -> bytes:
    """Deliver the call without a fault."""
    return await send()


async def drop(_send: Deliver) -> bytes:
    """Close the connection before the call arrives."""
    raise ConnectionAbortedError


async def lose_response(send: Deliver) -> bytes:
    """Deliver the call, but close the connection instead of returning the response."""
    await send()
    raise ConnectionAbortedError


async def duplicate(send: Deliver) -> bytes:
    """Deliver the call twice concurrently, like a retry that overtakes the first attempt."""
    return (await asyncio.gather(send(), send()))[0]


async def redeliver(send: Deliver) -> bytes:
    """Deliver the call again after its response; the caller gets only the second response."""
    await send()
    return await send()


def delay(seconds: float) -> Fault:
    """Deliver the call late, even if the caller has given up by then."""

    async def fault(send: Deliver) -> bytes:
        await asyncio.sleep(seconds)
        return await send()

    return fault


def delay_response(seconds: float) -> Fault:
    """Delay the response."""

    async def fault(send: Deliver) -> bytes:
        response = await send()
        await asyncio.sleep(seconds)
        return response

    return fault


def before(act: Callable[[], None]) -> Fault:
    """Deliver the call after `act` has finished."""

    async def fault(send: Deliver) -> bytes:
        await asyncio.to_thread(act)
        return await send()

    return fault


def after(act: Callable[[], None]) -> Fault:
    """Return the response after `act` has finished."""

    async def fault(send: Deliver) -> bytes:
        response = await send()
        await asyncio.to_thread(act)
        return response

    return fault


class PlannedFault:
    """A fault for the next call of a step."""

    def __init__(self, step: str, fault: Fault) -> None:
        self.call = re.compile(STEPS[step])
        self.injected = threading.Event()
        self._fault = fault

    async def inject(self, send: Deliver) -> bytes:
        """Apply the fault to the call; `injected` is set afterwards."""
        try:
            return await self._fault(send)
        finally:
            self.injected.set()


class Network:
    """HTTP proxies for each pair of caller and provider, on an event loop in a separate thread."""

    def __init__(self) -> None:
        self.choose_fault: Callable[[], Fault] = lambda: deliver
        """Chooses the fault of each call for which none is planned."""
        self._planned: list[PlannedFault] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def proxy(self, url: str) -> str:
        """Return the address of a proxy for the service at `url`."""
        host, _, port = url.removeprefix("http://").partition(":")
        serve = partial(self._serve, host, int(port))
        starting = asyncio.run_coroutine_threadsafe(asyncio.start_server(serve, "127.0.0.1", 0), self._loop)
        address = starting.result().sockets[0].getsockname()
        return f"http://{address[0]}:{address[1]}"

    def plan(self, step: str, fault: Fault) -> PlannedFault:
        """Apply the fault to the next call of the step."""
        planned = PlannedFault(step, fault)
        self._planned.append(planned)
        return planned

    def clear(self) -> None:
        """Remove all faults."""
        self._planned.clear()
        self.choose_fault = lambda: deliver

    def run(self, *tasks: Coroutine[Any, Any, T]) -> list[T]:
        """Run coroutines on the network's event loop; return their results."""
        return [asyncio.run_coroutine_threadsafe(task, self._loop).result() for task in tasks]

    def close(self) -> None:
        """Stop the event loop and all proxies."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()

    async def _serve(
        self, host: str, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        try:
            while True:
                request = await _message(reader)
                fault = self._fault(request.partition(b"?")[0].partition(b" HTTP/")[0].decode("latin-1"))
                writer.write(await fault(partial(_deliver, host, port, request)))
                await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    def _fault(self, call: str) -> Fault:
        for planned in self._planned:
            if planned.call.fullmatch(call):
                self._planned.remove(planned)
                return planned.inject
        return self.choose_fault()


async def _deliver(host: str, port: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(request)
        return await _message(reader)
    finally:
        writer.close()


async def _message(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    length = _LENGTH.search(head)
    return head + (await reader.readexactly(int(length[1])) if length else b"")

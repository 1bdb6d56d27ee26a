"""A scripted provider that responds, fails, hangs or disconnects."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from enum import Enum
from itertools import chain, repeat

from ..client import CallLimits, ServiceClient
from ..keys import new_seed
from ..tokens import ServiceTokens


class Fault(Enum):
    """What a provider does to a connection."""

    HANG = "keep silent"
    HANG_UP = "close it without a response"
    STOP = "close it without a response, and refuse others"
    RESPOND_LAST = "close it after the response"


Behaviour = int | tuple[int, bytes] | Fault
"""A status, a status and a body, or a fault."""


@dataclass
class Request:
    """A request that the provider received."""

    line: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Provider:
    """A scripted server on a free port."""

    url: str = ""
    requests: list[Request] = field(default_factory=list)
    connections: int = 0
    in_flight: int = 0
    max_in_flight: int = 0
    delay: float = 0.0
    stop: Callable[[], None] = lambda: None
    _behaviour: Iterator[Behaviour] = field(default_factory=lambda: repeat(200))

    def will(self, *behaviours: Behaviour) -> None:
        """Set the behavior of the next requests; the last one also applies to all later requests."""
        self._behaviour = chain(behaviours, repeat(behaviours[-1]))

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        self.connections += 1
        try:
            while request := await _read(reader):
                self.requests.append(request)
                self.in_flight += 1
                self.max_in_flight = max(self.max_in_flight, self.in_flight)
                try:
                    await asyncio.sleep(self.delay)
                    behaviour = next(self._behaviour)
                    if behaviour is Fault.STOP:
                        self.stop()
                    response = await _respond(behaviour)
                finally:
                    self.in_flight -= 1
                if response is None:
                    break
                writer.write(response)
                await writer.drain()
                if request.headers.get("connection") == "close" or behaviour is Fault.RESPOND_LAST:
                    break
        except ConnectionError:
            pass
        finally:
            writer.close()


@asynccontextmanager
async def providing() -> AsyncIterator[Provider]:
    """Run a provider during the block."""
    provider = Provider()
    handlers: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(provider.serve(reader, writer))
        handlers.add(task)
        await asyncio.gather(task, return_exceptions=True)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    provider.stop = server.close
    provider.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield provider
    finally:
        server.close()
        for task in handlers:
            task.cancel()
        await asyncio.gather(*handlers, return_exceptions=True)


Open = Callable[..., ServiceClient]


@asynccontextmanager
async def calling(url: str) -> AsyncIterator[Open]:
    """Yield a function that creates clients of `url`; close them when the block ends."""
    opened: list[ServiceClient] = []

    def open(limits: CallLimits | None = None) -> ServiceClient:
        opened.append(ServiceClient("catalog", url, ServiceTokens("orders", new_seed()), limits))
        return opened[-1]

    yield open
    for service in opened:
        await service.close()


async def _read(reader: asyncio.StreamReader) -> Request | None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    line, *fields = head.decode().rstrip().split("\r\n")
    headers = {name.lower(): value for name, _, value in (each.partition(": ") for each in fields)}
    return Request(line, headers, await reader.readexactly(int(headers.get("content-length", "0"))))


async def _respond(behaviour: Behaviour) -> bytes | None:
    if behaviour is Fault.RESPOND_LAST:
        behaviour = 200
    if isinstance(behaviour, Fault):
        await asyncio.sleep(3600 if behaviour is Fault.HANG else 0)
        return None
    status, body = behaviour if isinstance(behaviour, tuple) else (behaviour, b"{}")
    return f"HTTP/1.1 {status} .\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body

"""The line between the services and a database server, which can be cut."""

import asyncio
from contextlib import suppress

CHUNK_BYTES = 64 * 1024


class TcpProxy:
    """Passes all bytes on, to and fro, until it is cut. All of its methods are for one event loop."""

    def __init__(self, host: str, port: int) -> None:
        """`host` and `port` are the server's."""
        self._server = host, port
        self._is_cut = False
        self._ends: set[asyncio.StreamWriter] = set()

    async def open(self) -> tuple[str, int]:
        """Listen at the near end, and return its host and port."""
        listening = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        host, port = listening.sockets[0].getsockname()
        return host, port

    async def cut(self) -> None:
        """Break all connections, and refuse new ones."""
        self._is_cut = True
        for end in self._ends:
            end.transport.abort()

    async def recover(self) -> None:
        """Let connections pass again."""
        self._is_cut = False

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        far_reader, far_writer = await asyncio.open_connection(*self._server)
        outcomes = {writer, far_writer}
        self._ends |= outcomes
        await asyncio.gather(_pass(reader, far_writer), _pass(far_reader, writer))
        self._ends -= outcomes


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(CHUNK_BYTES):
            writer.write(data)
            await writer.drain()
    writer.close()

"""TCP proxy between the services and a database server, which can break connections."""

import asyncio
from contextlib import suppress

CHUNK_BYTES = 64 * 1024


class TcpProxy:
    """Forwards all bytes in both directions until it is cut. Its methods must run on one event loop."""

    def __init__(self, host: str, port: int) -> None:
        """`host` and `port` are those of the server."""
        self._server = host, port
        self._is_cut = False
        self._writers: set[asyncio.StreamWriter] = set()

    async def open(self) -> tuple[str, int]:
        """Start listening; return the proxy's host and port."""
        listening = await asyncio.start_server(self._connect, "127.0.0.1", 0)
        host, port = listening.sockets[0].getsockname()
        return host, port

    async def cut(self) -> None:
        """Break all connections and refuse new ones."""
        self._is_cut = True
        for writer in self._writers:
            writer.transport.abort()

    async def recover(self) -> None:
        """Accept connections again."""
        self._is_cut = False

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.transport.abort()
            return
        server_reader, server_writer = await asyncio.open_connection(*self._server)
        writers = {writer, server_writer}
        self._writers |= writers
        await asyncio.gather(_forward(reader, server_writer), _forward(server_reader, writer))
        self._writers -= writers


async def _forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while data := await reader.read(CHUNK_BYTES):
            writer.write(data)
            await writer.drain()
    writer.close()

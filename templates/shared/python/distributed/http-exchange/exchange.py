"""HTTP messages as bytes, which proxies and gateways pass on."""

import asyncio
import re

_LENGTH = re.compile(rb"\r\ncontent-length: *([0-9]+)", re.IGNORECASE)
_CHUNKED = re.compile(rb"\r\ntransfer-encoding: *chunked\r\n", re.IGNORECASE)


async def exchange(url: str, request: bytes) -> bytes:
    """Send a request to the server at `url` over a new connection; return the response."""
    host, _, port = url.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    try:
        writer.write(request)
        return await message(reader)
    finally:
        writer.close()


async def message(reader: asyncio.StreamReader) -> bytes:
    """Return the next request or response of a connection."""
    head = await reader.readuntil(b"\r\n\r\n")
    if _CHUNKED.search(head):
        return head + await _chunks(reader)
    length = _LENGTH.search(head)
    return head + (await reader.readexactly(int(length[1])) if length else b"")


async def _chunks(reader: asyncio.StreamReader) -> bytes:
    """Return a body in chunks (RFC 9112, section 7.1), as it is sent."""
    body, size = b"", -1
    while size != 0:
        line = await reader.readuntil(b"\r\n")
        size = int(line.partition(b";")[0], 16)
        body += line + await reader.readexactly(size + 2)
    return body

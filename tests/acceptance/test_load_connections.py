"""A connection of the load client tells complete responses from those that are cut off or wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import h11
import pytest
from acceptance.load.connections import Connection, RequestFailed, Response

GET = h11.Request(method="GET", target="/x", headers=[("Host", "h"), ("Idempotency-Key", "k")])
PUT = h11.Request(method="PUT", target="/x", headers=[("Host", "h"), ("Content-Length", "2")])
EMPTY = b"Content-Length: 0\r\n\r\n"


def ask(
    parts: Sequence[bytes],
    head: h11.Request = GET,
    body: bytes = b"",
    *,
    ends: bool = False,
    timeout: float = 10,
) -> tuple[Response | str, bool, bytes]:
    """Answer a request with the parts; return the response or failure, whether it stays, and what came."""

    async def run() -> tuple[Response | str, bool, bytes]:
        sent = bytearray()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            sent.extend(await reader.readuntil(b"\r\n\r\n") + await reader.readexactly(len(body)))
            for part in parts:
                writer.write(part)
                await asyncio.sleep(0.005)
            if not ends:
                await reader.read()
            writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        address = server.sockets[0].getsockname()
        _, connection = await asyncio.get_running_loop().create_connection(Connection, *address)
        seen: Response | str
        try:
            seen = await connection.exchange(head, body, timeout)
        except RequestFailed as failure:
            seen = failure.kind
        usable = connection.usable
        connection.close()
        server.close()
        return seen, usable, bytes(sent)

    return asyncio.run(run())


def test_a_response_in_pieces_is_read() -> None:
    """Interim responses are ignored, and pieces of any size make one response with its headers."""
    whole = b"HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 409 Conflict\r\nETag: a\r\nContent-Length: 3\r\n\r\nabc"
    seen, stays, _ = ask([whole[start : start + 7] for start in range(0, len(whole), 7)])
    assert seen == Response(409, b"abc", [(b"etag", b"a"), (b"content-length", b"3")])
    assert stays


def test_a_response_in_chunks_is_read() -> None:
    """A body in chunks, with an extension and a trailer, is read, and the connection stays."""
    chunks = b"1;x=y\r\na\r\n2\r\nbc\r\n0\r\nT: 1\r\n\r\n"
    seen, stays, _ = ask([b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", chunks])
    assert isinstance(seen, Response)
    assert (seen.body, stays) == (b"abc", True)


@pytest.mark.parametrize(
    ("head", "stays"),
    [
        (b"HTTP/1.1 204\r\n\r\n", True),
        (b"HTTP/1.1 200\r\nConnection: close\r\n" + EMPTY, False),
        (b"HTTP/1.0 200\r\n" + EMPTY, False),
    ],
)
def test_a_connection_is_kept_or_not(head: bytes, stays: bool) -> None:
    """HTTP version and Connection header decide whether the connection is used again."""
    seen, usable, _ = ask([head])
    assert isinstance(seen, Response)
    assert usable == stays


def test_a_body_without_a_length_ends_with_the_connection() -> None:
    """A body without a length is complete at the end of the connection."""
    seen, stays, _ = ask([b"HTTP/1.1 200\r\n\r\nab", b"c"], ends=True)
    assert isinstance(seen, Response)
    assert (seen.body, stays) == (b"abc", False)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ([], "closed"),
        ([b"HTTP/1.1 20"], "cut"),
        ([b"HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nabc"], "cut"),
        ([b"HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n"], "cut"),
        ([b"SSH-2.0-OpenSSH\r\n\r\n"], "malformed"),
        ([b"HTTP/1.1 200\r\nno colon\r\n\r\n"], "malformed"),
        ([b"HTTP/1.1 200\r\nContent-Length: -1\r\n\r\n"], "malformed"),
        ([b"HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nab"], "malformed"),
        ([b"HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n"], "malformed"),
        ([b"x" * 70_000], "malformed"),
    ],
)
def test_a_failure_says_what_happened(answer: list[bytes], kind: str) -> None:
    """A request fails as closed before the first byte, cut after it, or malformed."""
    assert ask(answer, ends=True)[:2] == (kind, False)


def test_a_silent_server_is_a_timeout() -> None:
    """Without a response in time, the request fails and the connection is not used again."""
    assert ask([], timeout=0.05)[:2] == ("timeout", False)


def test_a_request_is_sent_with_its_headers_and_body() -> None:
    """Headers and body reach the server as they are."""
    answer = [b"HTTP/1.1 200\r\n" + EMPTY]
    assert b"idempotency-key: k\r\n" in ask(answer)[2].lower()
    assert ask(answer, PUT, b"{}")[2].endswith(b"\r\n\r\n{}")

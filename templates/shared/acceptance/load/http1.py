"""Minimal HTTP/1.1 for a load client (RFC 9112): writes requests, parses responses."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_MAX_HEAD = 64 * 1024
_HEX = re.compile(rb"[0-9A-Fa-f]{1,8}")
_BODILESS = frozenset({204, 304})


class Malformed(Exception):
    """The bytes are not an HTTP/1.1 response."""


@dataclass(frozen=True, slots=True)
class Response:
    """Complete response; `keep_alive` says whether its connection can be reused."""

    status: int
    body: bytes
    keep_alive: bool
    fields: dict[bytes, bytes] = field(default_factory=dict, compare=False)


def request_bytes(
    method: str, target: str, host: str, headers: bytes = b"", body: bytes | None = None
) -> bytes:
    """Return a request as bytes; `headers` are complete lines that end with CRLF, `body` is JSON."""
    head = f"{method} {target} HTTP/1.1\r\nHost: {host}\r\n".encode() + headers
    if body is None:
        return head + b"\r\n"
    return head + b"Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body


class ResponseParser:
    """Incremental parser of responses; accepts the bytes in pieces of any size."""

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._reset()

    def _reset(self) -> None:
        self._status = 0
        self._keep_alive = True
        self._length: int | None = 0
        self._chunked = False
        self._body = bytearray()
        self._fields: dict[bytes, bytes] = {}

    @property
    def started(self) -> bool:
        """Whether any byte of the response has arrived."""
        return bool(self._buffer or self._status)

    def feed(self, data: bytes) -> Response | None:
        """Parse more bytes; return the response once it is complete. Raises Malformed."""
        self._buffer += data
        while not self._status:
            if not self._read_head():
                return None
        done = self._read_chunks() if self._chunked else self._read_plain()
        return self._finish() if done else None

    def end(self) -> Response | None:
        """Handle the end of the connection; return the response if the connection's end delimits it."""
        if self._status and self._length is None and not self._chunked:
            self._body += self._buffer
            self._buffer.clear()
            return self._finish()
        return None

    def _finish(self) -> Response:
        if self._buffer:
            raise Malformed("data after the end of the response")
        response = Response(self._status, bytes(self._body), self._keep_alive, self._fields)
        self._reset()
        return response

    def _read_head(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            if len(self._buffer) > _MAX_HEAD:
                raise Malformed("header section too large")
            return False
        head = bytes(self._buffer[:end])
        del self._buffer[: end + 4]
        if not head.startswith(b"HTTP/1.") or not head[9:12].isdigit():
            raise Malformed(f"status line {head[:40]!r}")
        status = int(head[9:12])
        if status >= 200:  # an interim response is followed by another one
            self._interpret(head, status)
        return True

    def _interpret(self, head: bytes, status: int) -> None:
        fields = dict(_field(line) for line in head.split(b"\r\n")[1:])
        connection = fields.get(b"connection", b"").lower()
        length = fields.get(b"content-length")
        self._status, self._fields = status, fields
        self._chunked = fields.get(b"transfer-encoding", b"").lower().endswith(b"chunked")
        if length is not None and not length.isdigit():
            raise Malformed(f"Content-Length {length!r}")
        self._length = int(length) if length is not None else None
        if status in _BODILESS:
            self._length, self._chunked = 0, False
        old = head.startswith(b"HTTP/1.0") and b"keep-alive" not in connection
        endless = self._length is None and not self._chunked
        self._keep_alive = not (old or endless or b"close" in connection)

    def _read_plain(self) -> bool:
        if self._length is None or len(self._buffer) < self._length:
            return False
        self._body += self._buffer[: self._length]
        del self._buffer[: self._length]
        return True

    def _read_chunks(self) -> bool:
        while True:
            end = self._buffer.find(b"\r\n")
            if end < 0:
                return False
            size = _chunk_size(bytes(self._buffer[:end]))
            if size == 0:
                return self._read_trailers(end)
            last = end + 2 + size
            if len(self._buffer) < last + 2:
                return False
            if self._buffer[last : last + 2] != b"\r\n":
                raise Malformed("chunk is not terminated by CRLF")
            self._body += self._buffer[end + 2 : last]
            del self._buffer[: last + 2]

    def _read_trailers(self, end: int) -> bool:
        last = self._buffer.find(b"\r\n\r\n", end)
        if last < 0:
            return False
        del self._buffer[: last + 4]
        return True


def _field(line: bytes) -> tuple[bytes, bytes]:
    name, colon, value = line.partition(b":")
    if not colon:
        raise Malformed(f"header line {line[:40]!r}")
    return name.lower(), value.strip()


def _chunk_size(line: bytes) -> int:
    digits = line.partition(b";")[0].strip()
    if not _HEX.fullmatch(digits):
        raise Malformed(f"chunk size {digits[:40]!r}")
    return int(digits, 16)

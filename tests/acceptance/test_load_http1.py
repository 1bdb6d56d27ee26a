"""The load client's HTTP parser accepts responses in pieces of any size."""

from __future__ import annotations

import itertools

import pytest
from acceptance.load.http1 import Malformed, Response, ResponseParser, request_bytes
from hypothesis import given
from hypothesis import strategies as st


def cut(data: bytes, places: list[int]) -> list[bytes]:
    """Return `data` split at these places."""
    edges = [0, *sorted({place % (len(data) + 1) for place in places}), len(data)]
    return [data[start:end] for start, end in itertools.pairwise(edges) if start < end]


def feed(parts: list[bytes]) -> list[Response]:
    """Return all responses that one parser finds in the parts."""
    parser = ResponseParser()
    return [response for part in parts if (response := parser.feed(part)) is not None]


def with_length(status: int, body: bytes) -> bytes:
    return b"HTTP/1.1 %d Whatever\r\nX-A: b\r\nContent-LENGTH: %d\r\n\r\n%s" % (status, len(body), body)


def in_chunks(status: int, chunks: list[bytes], trailer: bytes) -> bytes:
    head = b"HTTP/1.1 %d\r\ntransfer-encoding: chunked\r\n\r\n" % status
    lines = b"".join(b"%X;x=y\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks if chunk)
    return head + lines + b"0\r\n" + trailer + b"\r\n"


PLACES = st.lists(st.integers(0, 10_000), max_size=30)


@given(st.integers(200, 599).filter(lambda status: status not in (204, 304)), st.binary(max_size=300), PLACES)
def test_body_of_known_length_is_read_from_any_cut(status: int, body: bytes, places: list[int]) -> None:
    """A response with Content-Length parses the same from pieces of any size."""
    expected = [Response(status, body, keep_alive=True)]
    assert feed(cut(with_length(status, body), places)) == expected
    assert feed([bytes([byte]) for byte in with_length(status, body)]) == expected


@given(
    st.lists(st.binary(max_size=60), max_size=6),
    st.sampled_from([b"", b"X-T: 1\r\n", b"a: b\r\nc: d\r\n"]),
    PLACES,
)
def test_chunked_body_is_read_from_any_cut(chunks: list[bytes], trailer: bytes, places: list[int]) -> None:
    """A chunked response with extensions and trailers parses the same from pieces of any size."""
    data = in_chunks(200, chunks, trailer)
    expected = [Response(200, b"".join(chunks), keep_alive=True)]
    assert feed(cut(data, places)) == expected
    assert feed([bytes([byte]) for byte in data]) == expected


def test_responses_follow_each_other_on_one_connection() -> None:
    """One parser reads several responses of different kinds in sequence."""
    parts = [with_length(200, b"one"), in_chunks(404, [b"two"], b""), with_length(200, b"")]
    assert [(response.status, response.body) for response in feed(parts)] == [
        (200, b"one"),
        (404, b"two"),
        (200, b""),
    ]


@pytest.mark.parametrize("status", [204, 304])
def test_bodiless_status_ends_with_its_head(status: int) -> None:
    """A response without a body ends after its header, even if it has a Content-Length."""
    assert feed([b"HTTP/1.1 %d\r\nContent-Length: 99\r\n\r\n" % status]) == [
        Response(status, b"", keep_alive=True)
    ]


def test_interim_response_is_ignored() -> None:
    """Interim responses (100 and 103) before the response are ignored."""
    interim = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
    assert feed([interim + with_length(200, b"x")]) == [Response(200, b"x", keep_alive=True)]


@pytest.mark.parametrize(
    ("head", "keep_alive"),
    [
        (b"HTTP/1.1 200\r\nConnection: close\r\nContent-Length: 0\r\n\r\n", False),
        (b"HTTP/1.1 200\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n", True),
        (b"HTTP/1.0 200\r\nContent-Length: 0\r\n\r\n", False),
        (b"HTTP/1.0 200\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", True),
    ],
)
def test_connection_is_kept_or_not(head: bytes, keep_alive: bool) -> None:
    """HTTP version and Connection header decide whether the connection is kept."""
    assert feed([head]) == [Response(200, b"", keep_alive)]


def test_body_without_a_length_ends_with_the_connection() -> None:
    """A body without a length ends at the end of the connection."""
    parser = ResponseParser()
    assert parser.feed(b"HTTP/1.1 200\r\n\r\nab") is None
    assert parser.feed(b"c") is None
    assert parser.end() == Response(200, b"abc", keep_alive=False)


@pytest.mark.parametrize("cut_off", [b"HTTP/1.1 200\r\nContent-Length: 5\r\n\r\nabc", b"HTTP/1.1 20", b""])
def test_response_cut_off_is_none(cut_off: bytes) -> None:
    """A truncated response is not accepted; `started` says whether any byte arrived."""
    parser = ResponseParser()
    assert parser.feed(cut_off) is None
    assert parser.end() is None
    assert parser.started == bool(cut_off)


@pytest.mark.parametrize(
    "data",
    [
        b"SSH-2.0-OpenSSH\r\n\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nab",
        b"HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
        b"HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
        b"x" * 70_000,
    ],
)
def test_nonsense_is_malformed(data: bytes) -> None:
    """Data that is not an HTTP response raises Malformed."""
    with pytest.raises(Malformed):
        ResponseParser().feed(data)


def test_request_is_written_with_its_length() -> None:
    """A request with a body has Content-Type and Content-Length."""
    written = request_bytes("PUT", "/x", "h:1", b"A: b\r\n", b"{}")
    head = b"PUT /x HTTP/1.1\r\nHost: h:1\r\nA: b\r\n"
    assert written == head + b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
    assert request_bytes("GET", "/x", "h:1") == b"GET /x HTTP/1.1\r\nHost: h:1\r\n\r\n"

"""The load client against servers that stall, close connections, or send wrong responses."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import Awaitable, Callable
from random import Random
from typing import cast

import pytest
from acceptance.client import User
from acceptance.load.arrivals import constant
from acceptance.load.run import Runner
from acceptance.load.workload import Shopper, Workload
from acceptance.target import is_loopback

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class Nobody:
    """User without a shop."""

    credential = "nobody:x"

    def token(self) -> str:
        return "t"


def load(
    serve: Serve,
    rate: float,
    seconds: float,
    connections: int = 8,
    mix: str = "browse",
    retry: bool = False,
    follow: bool = False,
) -> Runner:
    """Run constant arrivals against `serve`; return the runner with its measurements."""

    async def run() -> Runner:
        server = await asyncio.start_server(serve, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        shopper = Shopper(cast(User, Nobody()), deque())
        workload = Workload({mix: 1}, ["sku"], [shopper], Random(1))  # noqa: S311
        runner = Runner(f"http://127.0.0.1:{port}", connections, workload, retry, follow)
        await runner.open_loop(constant(rate, seconds))
        runner.pool.close()
        server.close()
        return runner

    return asyncio.run(run())


async def read_request(reader: asyncio.StreamReader) -> bytes:
    """Read the header and the body of the next request."""
    head = await reader.readuntil(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:] if line)
    return head + await reader.readexactly(int(fields.get(b"content-length", b"0")))


def answering(answer: bytes, requests: int = 10**9) -> Serve:
    """Server that closes each connection after `answers` responses, on the next request."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for _ in range(requests):
                await read_request(reader)
                writer.write(answer)
            await read_request(reader)
        except asyncio.IncompleteReadError:
            pass
        finally:
            writer.close()

    return serve


def test_requests_due_during_a_stall_count_the_wait() -> None:
    """A stall of 0.4 s delays all requests that were due in it: there is no coordinated omission."""
    stalls = iter([0.4])

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                await read_request(reader)
            except asyncio.IncompleteReadError:
                writer.close()
                return
            await asyncio.sleep(next(stalls, 0))
            writer.write(OK)

    runner = load(serve, rate=100, seconds=0.5, connections=1)
    latencies = runner.figures.latencies["browse"]
    assert runner.figures.scheduled == len(latencies) == 50
    assert sum(latency > 0.1 for latency in latencies) >= 25
    assert max(latencies) >= 0.4
    assert runner.pool.waited > 0


def test_connections_are_kept_and_bounded() -> None:
    """100 requests use at most 4 connections."""
    opened = []
    answer = answering(OK)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        opened.append(writer)
        await answer(reader, writer)

    runner = load(serve, rate=500, seconds=0.2, connections=4)
    assert runner.figures.answers == 100
    assert 1 <= len(opened) <= 4


def test_closed_connection_is_a_failure_without_the_policy() -> None:
    """A closed connection counts as a failure without --retry-idempotent."""
    runner = load(answering(OK, requests=5), rate=100, seconds=0.3, connections=1)
    assert runner.figures.errors["browse"] == {"closed": 5}
    assert runner.figures.failed_idempotent == 5
    assert runner.figures.retried == 0


def test_idempotent_request_is_repeated_once_by_policy_and_counted() -> None:
    """With --retry-idempotent, a closed connection causes one counted retry and no failure."""
    runner = load(answering(OK, requests=5), rate=100, seconds=0.3, connections=1, retry=True)
    assert runner.figures.failures == 0
    assert runner.figures.retried == 5
    assert runner.figures.answers == 30


def test_post_is_never_repeated_by_the_policy() -> None:
    """A POST without a response is not retried, but kept as an order with an unknown outcome."""
    runner = load(answering(OK, requests=0), rate=100, seconds=0.05, mix="order", retry=True)
    assert runner.figures.errors["order"] == {"closed": 5}
    assert runner.figures.failed_idempotent == runner.figures.retried == 0
    assert len(runner.unknown) == 5


def order_response(status: int, state: str) -> bytes:
    """Return a response with an order in this state."""
    body = json.dumps({"id": "o1", "state": state}).encode()
    return b"HTTP/1.1 %d X\r\nContent-Length: %d\r\n\r\n%s" % (status, len(body), body)


@pytest.mark.parametrize("reads", [0, 2])
def test_an_order_is_followed_to_its_end(reads: int) -> None:
    """The latency of an order's end counts from its due time, over all reads until it is terminal."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(order_response(202, "PENDING" if reads else "CONFIRMED"))
        for number in range(reads):
            assert b"GET /v1/orders/o1?wait=" in await read_request(reader)
            await asyncio.sleep(0.05)
            writer.write(order_response(200, "PENDING" if number < reads - 1 else "CONFIRMED"))

    runner = load(serve, rate=10, seconds=0.1, mix="order", follow=True)
    (answered,), (ended,) = (runner.figures.latencies[name] for name in ("order", "order_end"))
    assert ended >= answered + 0.05 * reads
    assert runner.figures.failures == 0


def test_an_order_whose_reads_fail_is_counted() -> None:
    """An order that cannot be read is a failure of its end, not of the order."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(order_response(202, "PENDING"))
        await read_request(reader)
        writer.write(order_response(503, "PENDING"))

    runner = load(serve, rate=10, seconds=0.1, mix="order", follow=True)
    assert len(runner.figures.latencies["order"]) == 1
    assert runner.figures.errors["order_end"] == {"503": 1}
    assert not runner.unknown


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n", "503"),
        (b"HTTP/1.1 404 Gone\r\nContent-Length: 0\r\n\r\n", "404"),
        (b"I am no HTTP server\r\n\r\n", "malformed"),
    ],
)
def test_errors_are_counted_by_kind(answer: bytes, kind: str) -> None:
    """An unexpected response is counted under its status or kind."""
    assert set(load(answering(answer), rate=100, seconds=0.05).figures.errors["browse"]) == {kind}


def test_truncated_response_is_a_failure() -> None:
    """A connection that ends within a response is counted as cut, not as closed."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(OK[:-1])
        writer.close()

    assert set(load(serve, rate=100, seconds=0.05, retry=True).figures.errors["browse"]) == {"cut"}


@pytest.mark.parametrize(
    ("url", "own"),
    [
        ("http://127.0.0.1:80", True),
        ("http://127.8.8.8", True),
        ("http://[::1]:80", True),
        ("http://localhost:1", True),
        ("http://10.0.0.1", False),
        ("http://example.com", False),
        ("http://localhost.example.com", False),
        ("http://127.0.0.1.example.com", False),
        ("http://0.0.0.0", False),
    ],
)
def test_only_this_machine_is_loopback(url: str, own: bool) -> None:
    """Only loopback addresses count as this machine."""
    assert is_loopback(url) == own

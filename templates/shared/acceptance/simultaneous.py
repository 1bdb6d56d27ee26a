"""Simultaneous requests and calls."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import h11
import httpx2

from .client import ShopClient
from .conventions import check_answer
from .load.connections import Connection, Response

A = TypeVar("A")
T = TypeVar("T")
ANSWER_SECONDS = 60.0


def send_simultaneously(client: ShopClient, requests: Sequence[httpx2.Request]) -> list[httpx2.Response]:
    """Send requests at the same moment, each over a connection opened beforehand; return the responses.

    Threads would spread them over tens of milliseconds and hardly ever cause a race. Requests that get 429
    or 503 are sent again over the connections of `client`, but with their own tokens.
    """
    again = ShopClient(client.http)
    answers = []
    for request, seen in zip(requests, asyncio.run(_send_all(requests)), strict=True):
        answer = httpx2.Response(seen.status, headers=seen.headers, content=seen.body, request=request)
        check_answer(answer)
        answers.append(again.send(request) if answer.status_code in (429, 503) else answer)
    return answers


def run_simultaneously(call: Callable[[A], T], arguments: Sequence[A]) -> list[T]:
    """Call `call` with each argument at the same moment, each in its own thread; return the results."""
    gate = threading.Barrier(len(arguments), timeout=60)

    def run(argument: A) -> T:
        gate.wait()
        return call(argument)

    with ThreadPoolExecutor(max_workers=len(arguments)) as pool:
        return list(pool.map(run, arguments))


async def _send_all(requests: Sequence[httpx2.Request]) -> list[Response]:
    loop = asyncio.get_running_loop()
    url = requests[0].url
    port = url.port or {"http": 80, "https": 443}[url.scheme]
    tls = url.scheme == "https" or None
    connections = [(await loop.create_connection(Connection, url.host, port, ssl=tls))[1] for _ in requests]
    heads = [_head(request) for request in requests]
    exchanges = (
        connection.exchange(head, request.content, ANSWER_SECONDS)
        for connection, head, request in zip(connections, heads, requests, strict=True)
    )
    try:
        return await asyncio.gather(*exchanges)
    finally:
        for connection in connections:
            connection.close()


def _head(request: httpx2.Request) -> h11.Request:
    headers = [(name, value) for name, value in request.headers.raw if name.lower() != b"accept-encoding"]
    return h11.Request(method=request.method, target=request.url.raw_path, headers=headers)

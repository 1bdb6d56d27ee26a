"""Load generation: open loop, closed loop, and resolving orders with an unknown outcome."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator, Iterable
from urllib.parse import urlsplit

from .connections import Pool, RequestFailed, Response
from .figures import Figures
from .workload import Request, Shopper, Workload

ANSWER_SECONDS = 30.0
RESOLVE_TRIES = 30
_BURST = 64


class Runner:
    """Sends the requests of a workload to one address and records the measurements."""

    def __init__(
        self,
        base_url: str,
        connections: int,
        workload: Workload,
        retry_idempotent: bool,
        follow_orders: bool = False,
    ) -> None:
        """With `follow_orders`, each order is read until it is terminal; `order_end` has the latencies."""
        address = urlsplit(base_url)
        host, port = address.hostname or "127.0.0.1", address.port or 80
        self._host = f"{host}:{port}"
        self.pool = Pool(host, port, connections)
        self.figures = Figures()
        self.unknown: list[Request] = []
        self._workload = workload
        self._retry_idempotent = retry_idempotent
        self._follow_orders = follow_orders

    async def open_loop(self, due_times: Iterable[float]) -> float:
        """Send each request at its due time; return the seconds from the start to the last response."""
        loop = asyncio.get_running_loop()
        start = loop.time() + 0.05
        under_way: set[asyncio.Task[None]] = set()
        for number, due in enumerate(due_times):
            wait = start + due - loop.time()
            if wait > 0 or number % _BURST == 0:  # yield even when late, so that responses are read
                await asyncio.sleep(max(0.0, wait))
            self.figures.scheduled += 1
            self.figures.lag.append(max(0.0, loop.time() - start - due))
            task = loop.create_task(self._perform(self._workload.draw(), start + due))
            under_way.add(task)
            task.add_done_callback(under_way.discard)
        await _finish(under_way)
        return loop.time() - start

    async def closed_loop(self, clients: int, seconds: float) -> float:
        """Let each client send its next request after its last response; return the seconds elapsed."""
        loop = asyncio.get_running_loop()
        start = loop.time()

        async def client() -> None:
            while loop.time() < start + seconds:
                self.figures.scheduled += 1
                await self._perform(self._workload.draw(), loop.time())

        await asyncio.gather(*(client() for _ in range(clients)))
        return loop.time() - start

    async def resolve(self) -> int:
        """Repeat each order with an unknown outcome, using its key; return how many stay unknown."""
        for _ in range(RESOLVE_TRIES):
            if not self.unknown:
                break
            asked, self.unknown = self.unknown, []
            for request in asked:
                await self._repeat(request)
            if self.unknown:
                await asyncio.sleep(1)
        return len(self.unknown)

    async def _repeat(self, request: Request) -> None:
        try:
            response = await self._send(request)
        except RequestFailed:
            self.unknown.append(request)
            return
        if response.status == 202:
            self._workload.record_response(request, response)
        else:
            self.unknown.append(request)

    async def _perform(self, request: Request, due: float) -> None:
        loop = asyncio.get_running_loop()
        try:
            response = await self._fetch(request)
        except RequestFailed as failure:
            self._failed(request, failure.kind)
            return
        if response.status in request.expected:
            self.figures.answered(request.operation, loop.time() - due)
            self._workload.record_response(request, response)
            if self._follow_orders and request.operation == "order":
                await self._follow(request, response, due)
        else:
            self._failed(request, str(response.status))

    async def _follow(self, order: Request, response: Response, due: float) -> None:
        """Read an order with long polls until it is terminal, and record the time since `due`."""
        placed = json.loads(response.body)
        path = f"/v1/orders/{placed['id']}?wait=10"
        while placed["state"] == "PENDING":
            try:
                request = Request("order_end", "GET", path, frozenset({200}), order.shopper)
                response = await self._fetch(request)
            except RequestFailed as failure:
                self._failed(request, failure.kind)
                return
            if response.status != 200:
                self._failed(request, str(response.status))
                return
            placed = json.loads(response.body)
        self.figures.answered("order_end", asyncio.get_running_loop().time() - due)

    async def _fetch(self, request: Request) -> Response:
        try:
            return await self._send(request)
        except RequestFailed as failure:
            if not (self._retry_idempotent and request.idempotent and failure.kind == "closed"):
                raise
        self.figures.retried += 1
        return await self._send(request)

    async def _send(self, request: Request) -> Response:
        return await self.pool.fetch(request.head(self._host), request.body, ANSWER_SECONDS)

    def _failed(self, request: Request, kind: str) -> None:
        self.figures.failed(request.operation, kind, request.idempotent)
        refused = kind.startswith("4")
        if request.operation == "order" and not refused:
            self.unknown.append(request)


@contextlib.asynccontextmanager
async def fresh_tokens(shoppers: list[Shopper]) -> AsyncIterator[None]:
    """Renew the shoppers' tokens in a thread while the block runs, so that renewals do not delay requests."""

    async def renew() -> None:
        while True:
            for shopper in shoppers:
                await asyncio.to_thread(shopper.authorization)
            await asyncio.sleep(5)

    task = asyncio.create_task(renew())
    try:
        yield
    finally:
        task.cancel()


async def _finish(under_way: set[asyncio.Task[None]]) -> None:
    if under_way:
        await asyncio.wait(under_way)

"""The live stream over real HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from httpx2 import AsyncClient, Response

from chassis.clock import now
from chassis.db.database import Database
from chassis.testing import serving

from .. import stream
from ..domain import ORDERS
from ..service import Analytics
from .app import Drain, Topic, application
from .memory_bus import MemoryBus, order

FOLLOW = "/v1/analytics/stream"


@pytest.fixture
def bus() -> MemoryBus:
    """The bus with the events to stream."""
    return MemoryBus()


@pytest.fixture
def drain() -> Drain:
    """Whether the server is draining."""
    return Drain()


@pytest.fixture(autouse=True)
def quick_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ticks are ten times as frequent."""
    monkeypatch.setattr(stream, "TICK_SECONDS", 0.05)


@pytest.fixture
async def client(database: Database, bus: MemoryBus, drain: Drain) -> AsyncIterator[AsyncClient]:
    """The administrator as a client of a running server."""
    analytics = Analytics(database, bus, "EUR")
    working = asyncio.create_task(analytics.run())
    async with (
        serving(application(analytics, Topic(bus), drain)) as url,
        AsyncClient(base_url=url, headers={"Authorization": "Bearer admin"}, trust_env=False) as client,
    ):
        yield client
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


async def messages(response: Response) -> AsyncIterator[dict[str, Any]]:
    """Yield the decoded messages of a stream."""
    async for line in response.aiter_lines():
        if line:
            assert line.startswith("data: ")
            yield json.loads(line.removeprefix("data: "))


async def test_the_stream_shows_new_events(client: AsyncClient, bus: MemoryBus) -> None:
    """Events are shown without further requests, whether they were published by the API or otherwise."""
    async with client.stream("GET", FOLLOW) as response:
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert response.headers["cache-control"] == "no-store"
        following = messages(response)
        first = await anext(following)
        assert first["conversion"] == {"views": 0, "confirmed": 0, "rate": None}
        for _ in range(4):
            assert (await client.post("/v1/analytics/views", json={"sku": "CHAIR"})).status_code == 202
        bus.publish(ORDERS, 0, order("OrderConfirmed", now(), [("CHAIR", 2, 500)]))
        async with asyncio.timeout(5):
            async for message in following:
                if message["conversion"]["confirmed"] and message["conversion"]["views"] == 4:
                    break
        assert sum(message["revenue_per_minute"]) == 1000
        assert message["top_products"] == [{"sku": "CHAIR", "units": 2, "revenue": 1000}]
        assert message["conversion"]["rate"] == 0.25


async def test_messages_are_sent_without_new_events(client: AsyncClient) -> None:
    """They let clients distinguish a quiet connection from a broken one."""
    async with client.stream("GET", FOLLOW) as response, asyncio.timeout(5):
        following = messages(response)
        times = [(await anext(following))["time"] for _ in range(4)]
    assert sorted(set(times)) == times


async def test_clients_are_limited_and_free_their_slots(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that disconnects frees its slot."""
    monkeypatch.setattr(stream, "CLIENTS", 2)
    async with client.stream("GET", FOLLOW) as one, client.stream("GET", FOLLOW) as other:
        assert [one.status_code, other.status_code] == [200, 200]
        async with asyncio.timeout(5):
            refused = await client.get(FOLLOW)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert refused.json()["type"] == "urn:problem:unavailable"
    async with asyncio.timeout(5):
        while True:
            async with client.stream("GET", FOLLOW) as again:
                if again.status_code == 200:
                    break
            await asyncio.sleep(0.05)


async def test_the_stream_ends_when_the_process_drains(client: AsyncClient, drain: Drain) -> None:
    """It ends cleanly, so that the client reconnects elsewhere."""
    async with client.stream("GET", FOLLOW) as response, asyncio.timeout(5):
        following = messages(response)
        await anext(following)
        drain.begun = True
        async for _ in following:
            pass


async def test_the_stream_ends_after_its_maximum_duration(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client has to reconnect with a valid token."""
    monkeypatch.setattr(stream, "LIFE_SECONDS", 0.2)
    async with asyncio.timeout(5):
        response = await client.get(FOLLOW)
    assert response.text.count("data: ") >= 1


async def test_a_client_that_reads_nothing_is_disconnected(
    database: Database, bus: MemoryBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its slot is freed."""
    monkeypatch.setattr(stream, "SEND_SECONDS", 0.05)
    monkeypatch.setattr(stream, "CLIENTS", 1)
    followed = stream.Stream(Analytics(database, bus, "EUR").summary, lambda: False)

    async def never(*_: Any) -> Any:
        await asyncio.Event().wait()

    async def block_on_the_body(message: Any) -> None:
        if message["type"] == "http.response.body":
            await never()

    async with asyncio.timeout(5):
        await stream.LiveResponse(followed)({"type": "http"}, never, block_on_the_body)
    with followed.slot():
        pass

"""The live stream, over real HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest
from httpx2 import AsyncClient, Response

from ...chassis.clock import now
from ...chassis.database import Database
from .. import stream
from ..domain import ORDERS
from ..service import Analytics
from .memory_bus import MemoryBus, order
from .serving import Drain, Topic, application, serving

FOLLOW = "/v1/analytics/stream"


@pytest.fixture
def bus() -> MemoryBus:
    """Where events come from."""
    return MemoryBus()


@pytest.fixture
def drain() -> Drain:
    """Whether the server is about to stop."""
    return Drain()


@pytest.fixture(autouse=True)
def quick_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten times as quick."""
    monkeypatch.setattr(stream, "TICK_SECONDS", 0.05)


@pytest.fixture
async def client(database: Database, bus: MemoryBus, drain: Drain) -> AsyncIterator[AsyncClient]:
    """The administrator, calling a server whose analytics works."""
    analytics = Analytics(database, bus, "EUR")
    working = asyncio.create_task(analytics.run())
    async with (
        serving(application(analytics, Topic(bus), drain)) as url,
        AsyncClient(base_url=url, headers={"Authorization": "Bearer admin"}, trust_env=False) as made,
    ):
        yield made
    working.cancel()
    await asyncio.gather(working, return_exceptions=True)


async def messages(answer: Response) -> AsyncIterator[dict[str, Any]]:
    """The messages of a stream, decoded."""
    async for line in answer.aiter_lines():
        if line:
            assert line.startswith("data: ")
            yield json.loads(line.removeprefix("data: "))


async def test_stream_shows_what_happens(client: AsyncClient, bus: MemoryBus) -> None:
    """Whether it came through the API or from elsewhere, and without being asked again."""
    async with client.stream("GET", FOLLOW) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        assert answer.headers["cache-control"] == "no-store"
        following = messages(answer)
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


async def test_message_comes_also_when_nothing_happens(client: AsyncClient) -> None:
    """So that a client knows a living connection from a dead one."""
    async with client.stream("GET", FOLLOW) as answer, asyncio.timeout(5):
        following = messages(answer)
        times = [(await anext(following))["time"] for _ in range(4)]
    assert sorted(set(times)) == times


async def test_places_are_bounded_and_come_free(client: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of clients that leave."""
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


async def test_stream_ends_when_the_process_drains(client: AsyncClient, drain: Drain) -> None:
    """Orderly, for the client to go elsewhere."""
    async with client.stream("GET", FOLLOW) as answer, asyncio.timeout(5):
        following = messages(answer)
        await anext(following)
        drain.begun = True
        async for _ in following:
            pass


async def test_stream_ends_when_its_life_is_over(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For the client to come with a token that is good."""
    monkeypatch.setattr(stream, "LIFE_SECONDS", 0.2)
    async with asyncio.timeout(5):
        answer = await client.get(FOLLOW)
    assert answer.text.count("data: ") >= 1


async def test_client_that_takes_nothing_is_let_go(
    database: Database, bus: MemoryBus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its place is for others."""
    monkeypatch.setattr(stream, "SEND_SECONDS", 0.05)
    monkeypatch.setattr(stream, "CLIENTS", 1)
    followed = stream.Stream(Analytics(database, bus, "EUR").summary, lambda: False)

    async def never(*_: Any) -> Any:
        await asyncio.Event().wait()

    async def take_the_start_only(message: Any) -> None:
        if message["type"] == "http.response.body":
            await never()

    async with asyncio.timeout(5):
        await stream.LiveResponse(followed)({"type": "http"}, never, take_the_start_only)
    with followed.slot():
        pass

"""The saga worker under faults other than those of providers."""

import asyncio
from dataclasses import replace

import pytest

from chassis.db.database import Database

from ...orders.domain import OrderState
from ..domain import Saga, Stage
from ..worker import MAX_CONCURRENT
from .shop import FAST_TIMING, Process, World, violations


async def test_a_step_that_hangs_is_retried(database: Database) -> None:
    world = World()
    process = Process(world, database, replace(FAST_TIMING, run_timeout=0.2))
    sku, user = world.product(3), world.customer(500)
    gate = process.network.gate("debit", "after")
    async with process.running():
        order = await process.place(user, {sku: 2})
        await gate.reached.wait()
        process.network.gates.clear()
        ended = await asyncio.wait_for(process.ended(user, order.id), 10)
    assert ended.state is OrderState.CONFIRMED
    assert process.network.calls == ["reserve", "debit", "reserve", "debit", "commit"]
    assert await violations(world, database) == []


async def test_the_worker_retries_while_the_database_is_unavailable(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = World()
    process = Process(world, database)
    sku, user = world.product(3), world.customer(500)
    order = await process.place(user, {sku: 2})
    claim_due, failures = process.sagas.claim_due, iter([ConnectionError(), OSError()])

    async def fail_at_first(limit: int) -> list[Saga]:
        for failure in failures:
            raise failure
        return await claim_due(limit)

    monkeypatch.setattr(process.sagas, "claim_due", fail_at_first)
    async with process.running():
        assert (await asyncio.wait_for(process.ended(user, order.id), 10)).state is OrderState.CONFIRMED


async def test_an_ended_saga_frees_its_slot(database: Database) -> None:
    """The worker claims no sagas here, so an order without a slot would never end."""
    world = World()
    process = Process(world, database)
    sku, user = world.product(MAX_CONCURRENT + 1), world.customer(100_000)
    async with process.running(claiming=False):
        for _ in range(MAX_CONCURRENT + 1):
            order = await process.place(user, {sku: 1})
            await asyncio.wait_for(process.ended(user, order.id), 10)


async def test_pauses_grow_up_to_their_maximum(database: Database) -> None:
    """Each pause is random, and half of its maximum on average."""
    process = Process(World(), database, replace(FAST_TIMING, initial_pause=1.0, max_pause=60.0))
    sku, user = process.world.product(), process.world.customer()
    order = await process.place(user, {sku: 1})
    (saga,) = await process.sagas.claim_due(1)
    assert (saga.order_id, saga.stage) == (order.id, Stage.TRYING)
    longest = []
    for attempts in (0, 3, 10_000):
        failed = replace(saga, attempts=attempts)
        pauses = [await process.sagas.postpone(failed, TimeoutError()) for _ in range(40)]
        longest.append(max(pauses))
    assert longest[0] <= 1 < longest[1] <= 8 < longest[2] <= 60

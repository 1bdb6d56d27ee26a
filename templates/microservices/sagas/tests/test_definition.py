"""Outcomes of sagas without network faults."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from chassis.db.database import Database

from ...orders.domain import OrderState, RejectionReason
from ..commands import list_overdue_sagas
from ..gauges import open_sagas_gauge
from .providers import Network
from .shop import FAST_TIMING, Process, World, violations

SHORT_TIMEOUT = replace(FAST_TIMING, timeout=timedelta(0))


@pytest.fixture
def world() -> World:
    return World()


async def test_an_order_is_confirmed(world: World, database: Database) -> None:
    process = Process(world, database)
    sku, user = world.product(3), world.customer(500)
    async with process.running():
        placed = await process.place(user, {sku: 2})
        assert placed.state is OrderState.PENDING
        order = await process.ended(user, placed.id)
    assert (order.state, order.reason) == (OrderState.CONFIRMED, None)
    assert process.network.calls == ["reserve", "debit", "commit"]
    assert await violations(world, database) == []


async def test_an_order_without_enough_stock_is_rejected_without_a_debit(
    world: World, database: Database
) -> None:
    process = Process(world, database)
    sku, user = world.product(1), world.customer(500)
    async with process.running():
        order = await process.ended(user, (await process.place(user, {sku: 2})).id)
    assert (order.state, order.reason) == (OrderState.REJECTED, RejectionReason.OUT_OF_STOCK)
    assert process.network.calls == ["reserve"]
    assert await violations(world, database) == []


async def test_a_declined_payment_releases_the_units(world: World, database: Database) -> None:
    process = Process(world, database)
    sku, user = world.product(3), world.customer(150)
    async with process.running():
        order = await process.ended(user, (await process.place(user, {sku: 2})).id)
    assert (order.state, order.reason) == (OrderState.REJECTED, RejectionReason.PAYMENT_DECLINED)
    assert process.network.calls == ["reserve", "debit", "refund", "release"]
    assert await violations(world, database) == []


async def test_a_cancelled_order_stays_confirmed_until_units_and_money_are_returned(
    world: World, database: Database
) -> None:
    process = Process(world, database)
    sku, user = world.product(3), world.customer(500)
    async with process.running():
        order = await process.ended(user, (await process.place(user, {sku: 2})).id)
        gate = process.network.gate("refund", "before")
        assert (await process.cancel(user, order.id)).state is OrderState.CONFIRMED
        await gate.reached.wait()
        assert (await process.find(user, order.id)).order.state is OrderState.CONFIRMED
        gate.opened.set()
        assert (await process.ended(user, order.id)).state is OrderState.CANCELLED
    assert process.network.calls[3:] == ["restock", "refund"]
    assert await violations(world, database) == []


async def test_repeated_cancellations_of_an_order_have_no_effect(world: World, database: Database) -> None:
    """This includes a cancellation by a client that saw the order confirmed after it was cancelled."""
    process = Process(world, database)
    sku, user = world.product(3), world.customer(500)
    async with process.running():
        order = await process.ended(user, (await process.place(user, {sku: 2})).id)
        confirmed = await process.find(user, order.id)
        for _ in range(3):
            await process.processor.cancel(confirmed)
        await process.ended(user, order.id)
        await process.processor.cancel(confirmed)
        assert (await process.ended(user, order.id)).state is OrderState.CANCELLED
    assert await violations(world, database) == []


async def test_an_unpaid_order_is_rejected_past_the_deadline(world: World, database: Database) -> None:
    process = Process(world, database, SHORT_TIMEOUT)
    sku, user = world.product(3), world.customer(500)
    async with process.running():
        order = await process.ended(user, (await process.place(user, {sku: 2})).id)
    assert (order.state, order.reason) == (OrderState.REJECTED, RejectionReason.TIMEOUT)
    assert process.network.calls == ["paid", "refund", "release"]
    assert await violations(world, database) == []


async def test_a_paid_order_is_confirmed_past_the_deadline(world: World, database: Database) -> None:
    process = Process(world, database, SHORT_TIMEOUT)
    sku, user = world.product(3), world.customer(500)
    placed = await process.place(user, {sku: 2})
    assert world.inventory.reserve(placed.id, {sku: 2})
    assert world.payments.debit(user, placed.id, 200)
    async with process.running():
        assert (await process.ended(user, placed.id)).state is OrderState.CONFIRMED
    assert await violations(world, database) == []


async def test_compensations_are_retried_beyond_the_deadline(
    world: World, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    network = Network()
    network.down = {"reserve", "debit", "refund", "release"}
    process = Process(world, database, SHORT_TIMEOUT, network)
    sku, user = world.product(3), world.customer(500)
    async with process.running():
        placed = await process.place(user, {sku: 2})
        while network.calls.count("refund") < 5:
            await asyncio.sleep(0.01)
        assert (await process.find(user, placed.id)).order.state is OrderState.PENDING
        await list_overdue_sagas(database)
        (line,) = capsys.readouterr().out.splitlines()
        assert line.startswith(f"{placed.id} ")
        assert line.endswith(" ConnectionLost('refund')")
        assert await open_sagas_gauge(database, process.sagas).read() == {"in_time": 0, "overdue": 1}
        network.down = set()
        order = await process.ended(user, placed.id)
    assert (order.state, order.reason) == (OrderState.REJECTED, RejectionReason.TIMEOUT)
    assert await violations(world, database) == []

"""Resuming of sagas: another process continues, and the original one changes nothing when it returns.

A process is frozen where a real one could be killed. It holds its claim until the lease expires.
"""

import asyncio
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from uuid import UUID

import pytest

from chassis.db.database import Database

from ...orders.domain import Order, OrderState, RejectionReason
from .. import repository, worker
from .providers import Gate
from .shop import LEASE_SECONDS, TIMEOUT_SECONDS, Process, World, violations

CONFIRMED = ["reserve", "debit", "commit"]
REJECTED = ["reserve", "debit", "refund", "release"]
CANCELLED = ["restock", "refund"]
MOMENTS = ["before", "after"]
TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
Connect = Callable[[], Database]


async def taken_over(world: World, frozen: Process, gate: Gate, other: Process, order: Order) -> Order:
    """Wait until a process is frozen, let another one end the order, then resume the first."""
    user = next(iter(world.paid_in))
    await asyncio.wait_for(gate.reached.wait(), 10)
    await other.let_time_pass(LEASE_SECONDS)
    async with other.running():
        ended = await asyncio.wait_for(other.ended(user, order.id), 10)
        gate.opened.set()
        await asyncio.sleep(0.05)
    assert await violations(world, other.database) == []
    assert (await other.find(user, order.id)).order == ended
    return ended


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("step", CONFIRMED)
async def test_a_killed_process_loses_no_order(connect: Connect, step: str, moment: str) -> None:
    world = World()
    first, second = Process(world, connect()), Process(world, connect())
    sku, user = world.product(3), world.customer(500)
    gate = first.network.gate(step, moment)
    async with first.running(claiming=False):
        order = await taken_over(world, first, gate, second, await first.place(user, {sku: 2}))
    assert order.state is OrderState.CONFIRMED


async def test_a_resumed_saga_continues_the_trace(connect: Connect, monkeypatch: pytest.MonkeyPatch) -> None:
    continued = []

    def continuing(name: str, parent: str | None, key: str) -> AbstractContextManager[None]:
        continued.append((name, parent, key))
        return nullcontext()

    monkeypatch.setattr(repository, "traceparent", lambda: TRACE)
    monkeypatch.setattr(worker, "continuing", continuing)
    world = World()
    first, second = Process(world, connect()), Process(world, connect())
    sku, user = world.product(3), world.customer(500)
    gate = first.network.gate("debit", "before")
    async with first.running(claiming=False):
        order = await taken_over(world, first, gate, second, await first.place(user, {sku: 2}))
    assert continued == [("saga TRYING", TRACE, str(order.id))] * 2


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("step", REJECTED)
async def test_a_killed_process_leaves_no_units_reserved(connect: Connect, step: str, moment: str) -> None:
    world = World()
    first, second = Process(world, connect()), Process(world, connect())
    sku, user = world.product(3), world.customer(100)
    gate = first.network.gate(step, moment)
    async with first.running(claiming=False):
        order = await taken_over(world, first, gate, second, await first.place(user, {sku: 2}))
    assert (order.state, order.reason) == (OrderState.REJECTED, RejectionReason.PAYMENT_DECLINED)


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("step", CANCELLED)
async def test_a_killed_process_cancels_all_or_nothing(connect: Connect, step: str, moment: str) -> None:
    world = World()
    first, second = Process(world, connect()), Process(world, connect())
    sku, user = world.product(3), world.customer(500)
    async with first.running(claiming=False):
        placed = await first.ended(user, (await first.place(user, {sku: 2})).id)
        gate = first.network.gate(step, moment)
        order = await taken_over(world, first, gate, second, await first.cancel(user, placed.id))
    assert order.state is OrderState.CANCELLED


@pytest.mark.parametrize("moment", MOMENTS)
@pytest.mark.parametrize("number", [1, 2])
async def test_a_process_killed_at_a_decision_loses_no_order(
    connect: Connect, number: int, moment: str
) -> None:
    """The first transaction after the insertion of the order marks it paid, the second one ends it."""
    world = World()
    first, second = Process(world, connect()), Process(world, connect())
    sku, user = world.product(3), world.customer(500)
    hold = first.network.gate("reserve", "before")
    async with first.running(claiming=False):
        order = await first.place(user, {sku: 2})
        await hold.reached.wait()
        gate = first.freeze_in_transaction(number, moment)
        hold.opened.set()
        order = await taken_over(world, first, gate, second, order)
    assert order.state is OrderState.CONFIRMED


async def test_an_order_is_stored_together_with_its_saga(connect: Connect) -> None:
    """The process freezes right after the commit of the order."""
    world = World()
    first, second = Process(world, connect()), Process(world, connect())
    sku, user = world.product(3), world.customer(500)
    gate = first.freeze_in_transaction(1, "after")
    placing = asyncio.create_task(first.place(user, {sku: 2}))
    await asyncio.wait_for(gate.reached.wait(), 10)
    async with second.running():
        (order,) = await second.repository.newest(user, UUID(int=(1 << 128) - 1), 2)
        ended = await asyncio.wait_for(second.ended(user, order.id), 10)
    assert ended.state is OrderState.CONFIRMED
    placing.cancel()


async def test_a_process_that_shuts_down_releases_its_leases(connect: Connect) -> None:
    """Another process resumes the sagas without waiting for leases to expire."""
    world = World()
    first, second = Process(world, connect()), Process(world, connect())
    sku, user = world.product(3), world.customer(500)
    gate = first.network.gate("debit", "before")
    async with first.running():
        order = await first.place(user, {sku: 2})
        await gate.reached.wait()
    async with second.running():
        ended = await asyncio.wait_for(second.ended(user, order.id), 10)
    assert ended.state is OrderState.CONFIRMED
    assert await violations(world, second.database) == []


async def test_a_process_that_lost_its_lease_cannot_decide(connect: Connect) -> None:
    """The order is rejected while its debit is in flight; its sender must not continue when it succeeds."""
    world = World()
    first, second = Process(world, connect()), Process(world, connect())
    sku, user = world.product(3), world.customer(500)
    debit = first.network.gate("debit", "before")
    refund = second.network.gate("refund", "before")
    async with first.running(claiming=False), second.running():
        order = await first.place(user, {sku: 2})
        await asyncio.wait_for(debit.reached.wait(), 10)
        await first.let_time_pass(TIMEOUT_SECONDS)
        await asyncio.wait_for(refund.reached.wait(), 10)
        debit.opened.set()
        await asyncio.sleep(0.1)
        assert world.payments.paid(user, order.id)
        refund.opened.set()
        ended = await second.ended(user, order.id)
    assert (ended.state, ended.reason) == (OrderState.REJECTED, RejectionReason.TIMEOUT)
    assert await violations(world, second.database) == []


async def test_a_process_that_lost_its_lease_cannot_end_a_later_saga_of_the_order(connect: Connect) -> None:
    """A process that was about to confirm the order resumes while the order is being cancelled."""
    world = World()
    first, second = Process(world, connect()), Process(world, connect())
    sku, user = world.product(3), world.customer(500)
    commit = first.network.gate("commit", "after")
    async with first.running(claiming=False), second.running():
        order = await first.place(user, {sku: 2})
        await asyncio.wait_for(commit.reached.wait(), 10)
        await first.let_time_pass(LEASE_SECONDS)
        assert (await asyncio.wait_for(second.ended(user, order.id), 10)).state is OrderState.CONFIRMED
        refund = second.network.gate("refund", "after")
        await second.cancel(user, order.id)
        await asyncio.wait_for(refund.reached.wait(), 10)
        commit.opened.set()
        await asyncio.sleep(0.1)
        refund.opened.set()
        ended = await asyncio.wait_for(second.ended(user, order.id), 10)
    assert ended.state is OrderState.CANCELLED
    assert await violations(world, second.database) == []


async def test_the_decision_to_reject_an_order_is_final(connect: Connect) -> None:
    """A process that resumes the order before its deadline does not debit again, even if it could."""
    world = World()
    first, second = Process(world, connect()), Process(world, connect())
    sku, user = world.product(3), world.customer(100)
    gate = first.network.gate("refund", "before")
    async with first.running(claiming=False):
        placed = await first.place(user, {sku: 2})
        await gate.reached.wait()
        world.paid_in[user] += 500
        world.payments.balance[user] += 500
        order = await taken_over(world, first, gate, second, placed)
    assert (order.state, order.reason) == (OrderState.REJECTED, RejectionReason.PAYMENT_DECLINED)
    assert "debit" not in second.network.calls


async def test_a_duplicate_of_a_declined_debit_takes_nothing(database: Database) -> None:
    """The wallet is topped up between the response and the arrival of the duplicate."""
    world = World()
    process = Process(world, database)
    sku, user = world.product(3), world.customer(100)
    async with process.running():
        order = await process.ended(user, (await process.place(user, {sku: 2})).id)
    world.paid_in[user] += 500
    world.payments.balance[user] += 500
    world.payments.debit(user, order.id, 200)
    world.inventory.reserve(order.id, {sku: 2})
    assert await violations(world, database) == []

"""Every order ends consistently despite network faults and crashes."""

import asyncio
import random
from collections import Counter
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from chassis.db.database import Database

from ...orders.domain import OrderState
from ..worker import MAX_CONCURRENT
from .providers import Network
from .shop import FAST_TIMING, Process, World, violations

Connect = Callable[[], Database]


@pytest.mark.parametrize("seed", range(6))
async def test_every_order_ends_consistently_on_an_unreliable_network(connect: Connect, seed: int) -> None:
    """Two processes run on an unreliable network, with leases that expire during runs and short deadlines."""
    chance = random.Random(seed)
    world = World()
    timing = replace(FAST_TIMING, timeout=timedelta(seconds=chance.choice([0.05, 0.2, 1])))
    processes = [Process(world, connect(), timing, Network(0.3, seed * 2 + n)) for n in range(2)]
    skus = [world.product(12) for _ in range(3)]
    users = [world.customer(1500) for _ in range(3)]
    orders: list[tuple[UUID, UUID]] = []

    async def client(number: int) -> None:
        process, user = processes[number % 2], users[number % 3]
        for _ in range(6):
            chosen = chance.sample(skus, chance.randint(1, 3))
            order = await process.place(user, dict.fromkeys(chosen, chance.randint(1, 2)))
            orders.append((user, order.id))
            await asyncio.sleep(chance.uniform(0, 0.05))
            if chance.random() < 0.4:
                order = await process.ended(user, order.id)
                if order.state is OrderState.CONFIRMED:
                    await asyncio.gather(*(each.cancel(user, order.id) for each in processes))

    async def change_leases() -> None:
        # Most leases expire during a run, but not all, or no order would ever end on a slow machine.
        while True:
            for process in processes:
                process.sagas.timing = replace(timing, lease=timedelta(seconds=chance.choice([0.03, 0.1, 2])))
            await asyncio.sleep(0.05)

    async with AsyncExitStack() as stack:
        for process in processes:
            await stack.enter_async_context(process.running())
        changing = asyncio.create_task(change_leases())
        stack.callback(changing.cancel)
        await asyncio.wait_for(asyncio.gather(*map(client, range(6))), 60)
        for user, order_id in orders:
            await asyncio.wait_for(processes[0].ended(user, order_id), 60)
        for process in processes:
            await process.network.drain()
    assert await violations(world, processes[0].database) == []


async def test_the_last_unit_is_sold_once(connect: Connect) -> None:
    world = World()
    processes = [Process(world, connect()) for _ in range(2)]
    sku = world.product(1)
    users = [world.customer(100) for _ in range(40)]
    async with processes[0].running(), processes[1].running():
        orders = await asyncio.gather(
            *(processes[n % 2].place(user, {sku: 1}) for n, user in enumerate(users))
        )
        ended = [await processes[0].ended(user, order.id) for user, order in zip(users, orders, strict=True)]
    states = Counter(str(order.reason or order.state) for order in ended)
    assert states == {"CONFIRMED": 1, "out_of_stock": 39}
    assert await violations(world, processes[0].database) == []


async def test_orders_beyond_the_capacity_of_one_process_run_in_another(connect: Connect) -> None:
    """A saga that gets no slot in the process that stored it is claimed by another."""
    world = World()
    busy, idle = Process(world, connect()), Process(world, connect())
    sku, user = world.product(100), world.customer(100_000)
    gate = busy.network.gate("reserve", "before")
    async with busy.running(claiming=False), idle.running():
        orders = [await busy.place(user, {sku: 1}) for _ in range(MAX_CONCURRENT + 5)]
        while len(await idle.open_order_ids()) > MAX_CONCURRENT:
            await asyncio.sleep(0.01)
        assert Counter(idle.network.calls) == {"reserve": 5, "debit": 5, "commit": 5}
        gate.opened.set()
        for order in orders:
            assert (await idle.ended(user, order.id)).state is OrderState.CONFIRMED
    assert await violations(world, idle.database) == []

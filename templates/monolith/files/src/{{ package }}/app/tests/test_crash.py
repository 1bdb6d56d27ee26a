"""kill -9 in the middle of work: what was answered is there, what was begun is there wholly or not at all."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from ...chassis.database import Database
from .crash_worker import CLIENTS
from .in_process_shop import InProcessShop, violations

SOURCES = Path(__file__).parents[3]


async def answered_before_death(url: str, moment: str, user_id: UUID, sku: str) -> dict[str, UUID]:
    """Run a worker until it is killed, and return the ids of the orders that it answered, by key."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"{__package__}.crash_worker", url, moment, str(user_id), sku),
        env={**os.environ, "PYTHONPATH": str(SOURCES)},
        stdout=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    answered: dict[str, UUID] = {}
    async for line in process.stdout:
        key, order_id = line.decode().split()
        answered[key] = UUID(order_id)
        if moment == "any" and len(answered) == 20:
            process.kill()
    assert await process.wait() == -signal.SIGKILL
    return answered


@pytest.mark.parametrize("moment", ["before-commit", "after-commit", "any"])
async def test_killed_process_loses_and_doubles_nothing(
    connect: Callable[[], Database], database_url: str, moment: str
) -> None:
    """Whoever repeats a request to another process gets the order that there is, or the first one now."""
    shop = InProcessShop(connect())
    sku, user = await shop.product(price=1, stock=10_000), await shop.customer(10_000)
    answered = await answered_before_death(database_url, moment, user, sku)
    assert answered
    for key, order_id in answered.items():
        assert (await shop.answer(user, {sku: 1}, key)).order_id == order_id
    begun = [f"{number}-{sum(key.startswith(f'{number}-') for key in answered)}" for number in range(CLIENTS)]
    replayed = [(await shop.answer(user, {sku: 1}, key)).replayed for key in begun]
    if moment == "after-commit":
        assert any(replayed)
    orders = len(answered) + CLIENTS
    assert (await shop.on_hand(sku), await shop.balance(user)) == (10_000 - orders, 10_000 - orders)
    report = await shop.audit()
    assert violations(report) == []
    assert report.counts["orders_confirmed"] == orders

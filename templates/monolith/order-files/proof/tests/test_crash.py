"""Tests of kill -9: answered orders survive, and unanswered ones are stored completely or not at all."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest

from chassis.db.database import Database

from .audited_shop import AuditedShop, violations
from .crash_worker import CLIENTS

PROJECT = Path(__file__).parents[2]


async def answered_before_death(url: str, moment: str, user_id: UUID, sku: str) -> dict[str, UUID]:
    """Run a worker until it is killed, and return the ids of the orders that it answered, by key."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", f"{__package__}.crash_worker", url, moment, str(user_id), sku),
        env={**os.environ, "PYTHONPATH": f"{PROJECT / 'src'}{os.pathsep}{PROJECT}"},
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
async def test_killed_process_neither_loses_nor_duplicates_orders(
    connect: Callable[[], Database], database_url: str, moment: str
) -> None:
    """A request repeated to another process gets the stored order, or places it for the first time."""
    shop = AuditedShop(connect())
    sku, user = await shop.product(price=1, stock=10_000), await shop.customer(10_000)
    answered = await answered_before_death(database_url, moment, user, sku)
    assert answered
    for key, order_id in answered.items():
        assert (await shop.answer(user, {sku: 1}, key)).order_id == order_id
    unanswered = [
        f"{number}-{sum(key.startswith(f'{number}-') for key in answered)}" for number in range(CLIENTS)
    ]
    replayed = [(await shop.answer(user, {sku: 1}, key)).replayed for key in unanswered]
    if moment == "after-commit":
        assert any(replayed)
    orders = len(answered) + CLIENTS
    assert (await shop.on_hand(sku), await shop.balance(user)) == (10_000 - orders, 10_000 - orders)
    report = await shop.audit()
    assert violations(report) == []
    assert report.counts["orders_confirmed"] == orders

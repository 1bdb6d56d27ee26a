"""Contention: customers who order and cancel the same few products at the same time."""

from __future__ import annotations

import time
from collections import Counter
from random import Random

from .client import User
from .seeder import Seeder
from .simultaneous import run_simultaneously

PRODUCTS = 4
PLENTY = 1_000_000
# The share of confirmed orders that are canceled.
CANCELED = 0.3
# Orders that a client places before it waits for their ends.
AT_ONCE = 5


def contend(seeder: Seeder, clients: int, seconds: float) -> Counter[str]:
    """Let each client order and cancel for so many seconds; count the orders by state or reason.

    Clients share wallets in pairs and order up to four products, listed in random order.
    """
    skus = [seeder.product(price=1, stock=PLENTY) for _ in range(PRODUCTS)]
    users = [seeder.customer(balance=PLENTY) for _ in range((clients + 1) // 2)]
    deadline = time.monotonic() + seconds
    ends = run_simultaneously(
        lambda number: _order_until(deadline, users[number // 2], skus, Random(number)), range(clients)
    )
    return sum(ends, Counter())


def _order_until(deadline: float, user: User, skus: list[str], random: Random) -> Counter[str]:
    ends: Counter[str] = Counter()
    while time.monotonic() < deadline:
        placed = [user.place(_basket(skus, random)).json()["id"] for _ in range(AT_ONCE)]
        for order_id in placed:
            order = user.wait_for_end(order_id)
            if order["state"] == "CONFIRMED" and random.random() < CANCELED:
                assert user.cancel(order_id).status_code == 202
                order = user.wait_for_end(order_id, leaving="CONFIRMED")
            ends[str(order["reason"] or order["state"])] += 1
    return ends


def _basket(skus: list[str], random: Random) -> dict[str, int]:
    return {sku: random.randint(1, 3) for sku in random.sample(skus, random.randint(1, len(skus)))}

"""Contention: customers who order and cancel the same few products at the same time."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import chain
from random import Random
from typing import Any

from .client import User
from .seeder import Seeder
from .simultaneous import run_simultaneously

PLENTY = 1_000_000
# Python, and the collations of databases, sort these differently.
SUFFIXES = ("-B", "-a", "_C", ".d")
# Orders that a client places before it waits for their ends.
AT_ONCE = 5
# The share of confirmed orders that are canceled.
CANCELED = 0.3


def products(seeder: Seeder) -> list[str]:
    """Create four products with plenty of stock; return their SKUs."""
    name = seeder.name()
    return [seeder.product(sku=name + suffix, price=1, stock=PLENTY) for suffix in SUFFIXES]


def contend(users: Sequence[User], skus: Sequence[str], seconds: float) -> list[dict[str, Any]]:
    """Let each user order some of the products, and cancel some orders; return all orders as they ended.

    A user who occurs twice is two clients with one wallet.
    """
    deadline = time.monotonic() + seconds
    orders = run_simultaneously(
        lambda number: _order_until(deadline, users[number], skus, Random(number)), range(len(users))
    )
    return list(chain.from_iterable(orders))


def basket(skus: Sequence[str], random: Random) -> dict[str, int]:
    """Return quantities of some of the products, listed in random order."""
    return {sku: random.randint(1, 3) for sku in random.sample(skus, random.randint(1, len(skus)))}


def _order_until(deadline: float, user: User, skus: Sequence[str], random: Random) -> list[dict[str, Any]]:
    ended = []
    while time.monotonic() < deadline:
        placed = [user.place(basket(skus, random)).json()["id"] for _ in range(AT_ONCE)]
        for order_id in placed:
            order = user.wait_for_end(order_id)
            if order["state"] == "CONFIRMED" and random.random() < CANCELED:
                assert user.cancel(order_id).status_code == 202
                order = user.wait_for_end(order_id, leaving="CONFIRMED")
            ended.append(order)
    return ended

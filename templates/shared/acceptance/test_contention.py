"""Many orders for the same few products: all are confirmed, none waits until it is rejected."""

from __future__ import annotations

import os
from collections import Counter

import pytest

from .contention import PLENTY, contend, products
from .seeder import Seeder, assert_eventually

SECONDS = float(os.environ.get("CONTENTION_SECONDS", "2"))


@pytest.mark.parametrize("clients", [4, 12])
def test_concurrent_orders_for_the_same_products_are_confirmed(seeder: Seeder, clients: int) -> None:
    """With money and stock for everyone, no order is rejected, and stock and wallets add up."""
    skus = products(seeder)
    users = [seeder.customer(balance=PLENTY) for _ in range(clients // 2)]
    orders = contend(users * 2, skus, SECONDS)
    ends = Counter(order["reason"] or order["state"] for order in orders)
    print(f"{clients} clients, {SECONDS:g} s: {dict(ends)}")
    assert set(ends) <= {"CONFIRMED", "CANCELLED"}
    kept = [order for order in orders if order["state"] == "CONFIRMED"]
    sold = Counter(dict.fromkeys(skus, 0))
    for item in (item for order in kept for item in order["items"]):
        sold[item["sku"]] += item["quantity"]
    for sku in skus:
        assert_eventually(lambda: seeder.stock(sku), (PLENTY - sold[sku], 0))  # noqa: B023
    spent = sum(order["total"]["amount"] for order in kept)
    assert_eventually(lambda: sum(PLENTY - user.balance() for user in users), spent)

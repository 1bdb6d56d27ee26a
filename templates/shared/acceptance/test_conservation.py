"""Conservation of stock and money after concurrent orders, computed from outside (I2, I3, I4, I7)."""

from __future__ import annotations

from random import Random
from typing import Any
from uuid import uuid4

from .client import TERMINAL, User
from .paging import walk
from .seeder import Seeder, assert_eventually
from .simultaneous import run_simultaneously

PRICES = (7, 110, 1300)
UNITS = 40
MONEY = 40_000


def rush(user: User, skus: list[str], seed: int) -> None:
    """Run a dozen random steps of one client: orders, repetitions and cancellations."""
    random = Random(seed)
    placed: list[str] = []
    for _ in range(12):
        if placed and random.random() < 0.3:
            assert user.cancel(random.choice(placed)).status_code in {202, 409}
            continue
        items = {sku: random.randint(1, 3) for sku in random.sample(skus, random.randint(1, len(skus)))}
        key = str(uuid4())
        answers = [user.place(items, key) for _ in range(random.randint(1, 2))]
        assert len({answer.content for answer in answers}) == 1
        placed.append(answers[0].json()["id"])


def ended(user: User) -> list[dict[str, Any]] | None:
    """Return all orders of the user, or None while one is pending."""
    orders = walk(user, "/v1/orders", 100)
    return orders if all(order["state"] in TERMINAL for order in orders) else None


def test_stock_and_money_are_conserved(seeder: Seeder) -> None:
    """After concurrent orders, stock and wallets add up, and each order's payments match its state.

    Events published twice: concurrent requests each published the pending events of the other
    (dotnet-architecture/eShopOnContainers#1022).
    """
    users = [seeder.customer(balance=MONEY) for _ in range(2)]
    skus = [seeder.product(price=price, stock=UNITS) for price in PRICES]
    run_simultaneously(lambda seed: rush(users[seed % 2], skus, seed), range(12))
    sold = dict.fromkeys(skus, 0)
    for user in users:
        assert_eventually(lambda: ended(user) is not None, True, within=30)  # noqa: B023
        orders = ended(user) or []
        confirmed = [order for order in orders if order["state"] == "CONFIRMED"]
        for item in (item for order in confirmed for item in order["items"]):
            sold[item["sku"]] += item["quantity"]
        assert_eventually(user.balance, MONEY - sum(order["total"]["amount"] for order in confirmed))
        for order in orders:
            assert_eventually(lambda: user.payments(order["id"]), expected_payments(order))  # noqa: B023
    for sku in skus:
        assert_eventually(lambda: seeder.stock(sku), (UNITS - sold[sku], 0))  # noqa: B023


def expected_payments(order: dict[str, Any]) -> list[tuple[str, int]]:
    """Return the payments of an order: a debit if it was confirmed, a refund if then canceled (I4)."""
    amount = order["total"]["amount"]
    kinds = {"CONFIRMED": ["debit"], "CANCELLED": ["debit", "refund"], "REJECTED": []}[order["state"]]
    return [(kind, amount) for kind in kinds]

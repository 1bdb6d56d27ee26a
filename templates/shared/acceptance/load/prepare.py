"""Test data of a load test: products with plenty of stock, users with money."""

from __future__ import annotations

from collections import deque

from ..client import connect
from ..identity import discover
from ..journal import JournalWriter
from ..seeder import Seeder
from .workload import Shopper

PLENTY = 1_000_000_000


def prepare(
    base_url: str, admin: str, products: int, users: int, stock: int, journal: JournalWriter | None
) -> tuple[list[str], list[Shopper]]:
    """Create products with `stock` units each, and users who can pay for them; return SKUs and users."""
    http = connect(base_url)  # stays open, because the users' tokens are renewed over it
    identity = discover(http)
    seeder = Seeder(identity.sign_in(admin), identity)
    skus = [seeder.product(price=100, stock=stock) for _ in range(products)]
    shoppers = [Shopper(seeder.customer(balance=PLENTY), deque(maxlen=1000)) for _ in range(users)]
    if journal is not None:
        for shopper in shoppers:
            journal.user(shopper.user.credential)
    return skus, shoppers

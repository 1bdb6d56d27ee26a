"""Test data: products with stock, customers with money, and waiting for a read model."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from .client import User
from .identity import Identity

VISIBLE_SECONDS = 5.0
REST_SECONDS = 10.0


class Seeder:
    """Creates test data as the administrator. Names are unique to the run, so runs do not collide."""

    def __init__(self, admin: User, identity: Identity) -> None:
        self.admin = admin
        self.identity = identity
        self.currency: str = admin.get("/v1/wallet").json()["balance"]["currency"]
        self._run = uuid4().hex[:8]
        self._numbers = itertools.count()

    def name(self) -> str:
        """Return a new name that is a valid SKU; names sort by creation."""
        return f"ACC-{self._run}-{next(self._numbers):06d}"

    def money(self, amount: int) -> dict[str, Any]:
        """Return `amount` minor units in the shop's currency."""
        return {"amount": amount, "currency": self.currency}

    def draft(self, **fields: Any) -> dict[str, Any]:
        """Return the body of a valid new product, with `fields` replaced."""
        sku = self.name()
        plain = {"sku": sku, "name": f"Thing {sku}", "description": "A thing.", "category": "things"}
        return {**plain, "price": self.money(1000), **fields}

    def product(self, price: int = 1000, stock: int | None = 100, **fields: Any) -> str:
        """Create a product and, unless None, its stock; return its SKU."""
        draft = self.draft(price=self.money(price), **fields)
        response = self.admin.post("/v1/products", json=draft)
        assert response.status_code == 201, response.text
        if stock is not None:
            self.restock(draft["sku"], stock)
        return str(draft["sku"])

    def restock(self, sku: str, on_hand: int) -> None:
        """Set the units on hand of a SKU."""
        response = self.admin.put(f"/v1/stock/{sku}", json={"on_hand": on_hand})
        assert response.status_code == 200, response.text

    def stock(self, sku: str) -> tuple[int, int]:
        """Return the units of a SKU: on hand, reserved."""
        row = self.admin.get(f"/v1/stock/{sku}").json()
        return row["on_hand"], row["reserved"]

    def customer(self, balance: int = 0) -> User:
        """Return a new customer whose wallet holds `balance` minor units."""
        user = self.identity.sign_in(self.identity.register())
        if balance:
            self.top_up(user, balance)
        return user

    def top_up(self, user: User, amount: int) -> None:
        """Add `amount` minor units to a user's wallet."""
        body = {"user_id": user.id, "amount": self.money(amount)}
        headers = {"Idempotency-Key": str(uuid4())}
        response = self.admin.post("/v1/wallet/top-ups", json=body, headers=headers)
        assert response.status_code == 201, response.text


def assert_eventually(read: Callable[[], Any], expected: Any, within: float = REST_SECONDS) -> None:
    """Assert that `read()` equals `expected` within so many seconds: read models may lag behind."""
    deadline = time.monotonic() + within
    while (value := read()) != expected:
        assert time.monotonic() < deadline, f"still {value!r}, not {expected!r}, after {within:.0f} s"
        time.sleep(0.05)

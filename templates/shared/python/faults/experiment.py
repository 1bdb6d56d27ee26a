"""Fault experiment: places orders while a fault occurs, then verifies every invariant."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import uuid4

import httpx2

from acceptance.audit import check_from_outside, wait_until_at_rest
from acceptance.client import TERMINAL, User
from acceptance.conventions import assert_problem
from acceptance.journal import Journal
from acceptance.paging import walk
from acceptance.seeder import Seeder

from .shop import FaultyShop

T = TypeVar("T")
# Leases of a dead process expire after seconds, and the work that waited for them takes longer.
END_SECONDS = 180.0
USABLE_SECONDS = 30.0
PLENTY = 1_000_000
PRICE = 100
OUTCOMES = {"CONFIRMED", "CANCELLED", "out_of_stock", "payment_declined", "timeout"}


class Experiment:
    """One experiment: its own customers and products, and a journal of every response to the customers."""

    def __init__(self, shop: FaultyShop, seeder: Seeder) -> None:
        self.shop = shop
        self.seeder = seeder
        self.faults: Counter[tuple[str, str]] = Counter()
        """Number of injected faults, by the step of an order that they hit and the kind of fault."""
        self.outcomes: Counter[str] = Counter()
        """Number of orders by final state, or by the reason of a rejection."""
        self.load: dict[str, int] | None = None
        """What was ordered without a fault: requests per second, seconds, orders, and how many timed out."""
        self.lost = 0
        """Number of accepted orders that are missing or have not ended."""
        self.journal = Journal()
        """Every response to the customers about an order."""
        self._last_fault = 0.0
        self._regular: tuple[User, str] | None = None
        self._users: dict[str, User] = {}
        self._paid_in: dict[str, int] = {}
        self._supplied: dict[str, int] = {}
        self._lock = threading.Lock()

    @property
    def accepted(self) -> int:
        """Number of orders that customers know to be accepted."""
        return len(self.journal.owners)

    def count_fault(self, step: str, kind: str, number: int = 1) -> None:
        """Count injected faults; `step` is `any` if they hit whatever the shop is doing."""
        self.faults[step, kind] += number
        self._last_fault = time.monotonic()

    def product(self, units: int = 10_000) -> str:
        """Create a product with `units` in stock, at `PRICE` each; return its SKU."""
        sku = self.seeder.product(price=PRICE, stock=units)
        self._supplied[sku] = units
        return sku

    def customer(self, balance: int = PLENTY) -> User:
        """Create a customer with `balance` minor units."""
        user = self.seeder.customer(balance=balance)
        self.add_customer(user, balance)
        return user

    def add_customer(self, user: User, balance: int) -> None:
        """Include a customer who has paid in `balance` minor units, and has no orders but those to verify."""
        self._users[user.credential] = user
        self._paid_in[user.credential] = balance

    def fill_cart(self, user: User, sku: str) -> None:
        """Put one unit into the user's cart."""
        retry_until_answered(
            lambda: user.put(f"/v1/cart/items/{sku}", json={"quantity": 1}).raise_for_status()
        )

    def place(self, user: User, items: Mapping[str, int], key: str | None = None) -> str:
        """Place an order, repeating the request with the same key until it is answered; return its id."""
        key = key or str(uuid4())
        response = retry_until_answered(lambda: user.place(items, key))
        self.record(user, response.json(), key)
        return str(response.json()["id"])

    def check_out(self, user: User) -> str | None:
        """Order the contents of the user's cart; return None if an earlier order has emptied it."""
        key = str(uuid4())
        response = retry_until_answered(lambda: user.place(None, key, expect=None))
        if response.status_code == 202:
            self.record(user, response.json(), key)
            return str(response.json()["id"])
        assert_problem(response, 422, "empty-cart")
        return None

    def cancel(self, user: User, order_id: str) -> int:
        """Cancel an order and return the response's status."""
        response = retry_until_answered(lambda: user.cancel(order_id))
        if response.status_code == 202:
            self.record(user, response.json())
        return response.status_code

    def read_order(self, user: User, order_id: str, wait: int = 0) -> dict[str, Any]:
        """Return the order, after waiting up to `wait` seconds for it to end."""
        order: dict[str, Any] = retry_until_answered(
            lambda: user.get(f"/v1/orders/{order_id}", params={"wait": wait})
        ).json()
        self.record(user, order)
        return order

    def final_state(self, user: User, order_id: str) -> str:
        """Wait until an order ends; return its state, or the reason of its rejection."""
        start = time.monotonic()
        while (order := self.read_order(user, order_id, wait=2))["state"] not in TERMINAL:
            # While services are killed again and again, nothing can promise when an order ends.
            undisturbed = time.monotonic() - max(start, self._last_fault)
            assert undisturbed < END_SECONDS, f"{order} after {END_SECONDS:.0f} s without a fault"
        return str(order["reason"] or order["state"])

    def until_usable(self) -> None:
        """Wait until test data can be created: the first use of a broken connection gets 503."""
        deadline = time.monotonic() + USABLE_SECONDS
        while True:
            try:
                self.seeder.customer(balance=1)
                self.seeder.product()
            except AssertionError:
                if time.monotonic() > deadline:
                    raise
            else:
                return

    def until_confirmed(self) -> None:
        """Wait until a new order is confirmed."""
        deadline = time.monotonic() + END_SECONDS
        # Reuse one customer and product: services hit by a fault may not accept new ones yet.
        self._regular = self._regular or (self.customer(), self.product())
        user, sku = self._regular
        while self.final_state(user, self.place(user, {sku: 1})) != "CONFIRMED":
            assert time.monotonic() < deadline, "no order is confirmed any longer"

    def record(self, user: User, order: Mapping[str, Any], key: str | None = None) -> None:
        """Add an order to the journal, as the user received it; `key` is that of the POST, if it was one."""
        line = {"owner": user.credential, "key": key, "order": order["id"], "state": order["state"]}
        with self._lock:
            self.journal.add(line)

    def verify(self) -> None:
        """Recover the shop, wait until all orders have ended, and assert every invariant."""
        self.shop.recover()
        report = wait_until_at_rest(self.seeder.admin, END_SECONDS)
        assert report is not None, "the shop has no audit"
        assert report["at_rest"], f"not at rest after {END_SECONDS:.0f} s: {report}"
        assert report["ok"], {name: found for name, found in report["invariants"].items() if not found["ok"]}
        checks = check_from_outside(self.journal, self._users, stranger=self.seeder.admin)
        assert all(check.ok for check in checks), checks
        self._check_conservation()

    def _check_conservation(self) -> None:
        """Assert that no order is lost, and that balances and stock decreased by exactly what was bought."""
        self.outcomes.clear()
        sold: Counter[str] = Counter()
        ended: set[str] = set()
        for credential, user in self._users.items():
            orders = walk(user, "/v1/orders", 100)
            self.outcomes.update(order["reason"] or order["state"] for order in orders)
            ended |= {order["id"] for order in orders if order["state"] in TERMINAL}
            confirmed = [order for order in orders if order["state"] == "CONFIRMED"]
            for item in (item for order in confirmed for item in order["items"]):
                sold[item["sku"]] += item["quantity"]
            spent = sum(order["total"]["amount"] for order in confirmed)
            assert user.balance() == self._paid_in[credential] - spent
        for sku, units in self._supplied.items():
            assert self.seeder.stock(sku) == (units - sold[sku], 0)
        self.lost = len(self.journal.owners.keys() - ended)
        assert self.lost == 0
        assert set(self.outcomes) <= OUTCOMES


def retry_until_answered(call: Callable[[], T]) -> T:
    """Return the result of `call`, repeating it while connections break; it must be idempotent."""
    deadline = time.monotonic() + END_SECONDS
    while True:
        try:
            return call()
        except httpx2.TransportError:
            assert time.monotonic() < deadline, "the gateway breaks every connection"
            time.sleep(0.1)

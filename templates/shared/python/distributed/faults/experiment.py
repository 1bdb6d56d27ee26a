"""A trial: orders that are placed while something goes wrong, and whether everything adds up afterwards."""

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
# What a process held that died is left to others after seconds; whoever waited for them waits longer.
END_SECONDS = 180.0
PLENTY = 1_000_000
PRICE = 100
OUTCOMES = {"CONFIRMED", "CANCELLED", "out_of_stock", "payment_declined", "timeout"}


class Experiment:
    """Customers and products of its own, and a journal of all that the customers were told."""

    def __init__(self, shop: FaultyShop, seeder: Seeder) -> None:
        self.shop = shop
        self.seeder = seeder
        self.faults = 0
        """How often a fault struck, as the test counts."""
        self.outcomes: Counter[str] = Counter()
        """How the orders ended, by state or reason."""
        self.lost = 0
        """How many orders that were accepted are gone, or have not ended."""
        self._regular: tuple[User, str] | None = None
        self._journal = Journal()
        self._users: dict[str, User] = {}
        self._paid_in: dict[str, int] = {}
        self._supplied: dict[str, int] = {}
        self._lock = threading.Lock()

    @property
    def accepted(self) -> int:
        """How many orders were accepted, as far as the customers know."""
        return len(self._journal.owners)

    def product(self, units: int = 10_000) -> str:
        """Return a new SKU with so many units, at `PRICE` each."""
        sku = self.seeder.product(price=PRICE, stock=units)
        self._supplied[sku] = units
        return sku

    def customer(self, balance: int = PLENTY) -> User:
        """Return a new customer with so much money."""
        user = self.seeder.customer(balance=balance)
        self._users[user.credential] = user
        self._paid_in[user.credential] = balance
        return user

    def fill_cart(self, user: User, sku: str) -> None:
        """Put one unit into the user's cart."""
        retry_until_answered(
            lambda: user.put(f"/v1/cart/items/{sku}", json={"quantity": 1}).raise_for_status()
        )

    def place(self, user: User, items: Mapping[str, int], key: str | None = None) -> str:
        """Place an order as stubbornly as a key allows; return its id."""
        key = key or str(uuid4())
        answer = retry_until_answered(lambda: user.place(items, key))
        self.record(user, answer.json(), key)
        return str(answer.json()["id"])

    def check_out(self, user: User) -> str | None:
        """Order what is in the user's cart; None if an earlier order has just emptied it."""
        key = str(uuid4())
        answer = retry_until_answered(lambda: user.place(None, key, expect=None))
        if answer.status_code == 202:
            self.record(user, answer.json(), key)
            return str(answer.json()["id"])
        assert_problem(answer, 422, "empty-cart")
        return None

    def cancel(self, user: User, order_id: str) -> int:
        """Cancel an order and return the answer's status."""
        answer = retry_until_answered(lambda: user.cancel(order_id))
        if answer.status_code == 202:
            self.record(user, answer.json())
        return answer.status_code

    def read_order(self, user: User, order_id: str, wait: int = 0) -> dict[str, Any]:
        """Return the order as the user sees it, after `wait` seconds at most if it has not ended."""
        order: dict[str, Any] = retry_until_answered(
            lambda: user.get(f"/v1/orders/{order_id}", params={"wait": wait})
        ).json()
        self.record(user, order)
        return order

    def final_state(self, user: User, order_id: str) -> str:
        """Wait for the end of an order, and return its state, or the reason why it was rejected."""
        deadline = time.monotonic() + END_SECONDS
        while (order := self.read_order(user, order_id, wait=2))["state"] not in TERMINAL:
            assert time.monotonic() < deadline, f"{order} after {END_SECONDS:.0f} s"
        return str(order["reason"] or order["state"])

    def until_confirmed(self) -> None:
        """Return when a new order goes through."""
        deadline = time.monotonic() + END_SECONDS
        # One and the same for all times: what a fault has just broken may not take new ones yet.
        self._regular = self._regular or (self.customer(), self.product())
        user, sku = self._regular
        while self.final_state(user, self.place(user, {sku: 1})) != "CONFIRMED":
            assert time.monotonic() < deadline, "nothing goes through any more"

    def record(self, user: User, order: Mapping[str, Any], key: str | None = None) -> None:
        """Remember what the user was told of an order, in answer to a POST under `key` or otherwise."""
        line = {"owner": user.credential, "key": key, "order": order["id"], "state": order["state"]}
        with self._lock:
            self._journal.add(line)

    def verify(self) -> None:
        """Mend the shop, wait until all orders have ended, and assert that everything adds up."""
        self.shop.recover()
        report = wait_until_at_rest(self.seeder.admin, END_SECONDS)
        assert report is not None, "the shop has no audit"
        assert report["at_rest"], f"not at rest after {END_SECONDS:.0f} s: {report}"
        assert report["ok"], {name: found for name, found in report["invariants"].items() if not found["ok"]}
        checks = check_from_outside(self._journal, self._users, stranger=self.seeder.admin)
        assert all(check.ok for check in checks), checks
        self._check_conservation()

    def _check_conservation(self) -> None:
        """Assert that no order is lost, and that wallets and shelves lack exactly what was bought."""
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
        self.lost = len(self._journal.owners.keys() - ended)
        assert self.lost == 0
        assert set(self.outcomes) <= OUTCOMES


def retry_until_answered(call: Callable[[], T]) -> T:
    """Return what the call returns; make it again while connections break, which must be harmless."""
    deadline = time.monotonic() + END_SECONDS
    while True:
        try:
            return call()
        except httpx2.TransportError:
            assert time.monotonic() < deadline, "the gateway breaks every connection"
            time.sleep(0.1)

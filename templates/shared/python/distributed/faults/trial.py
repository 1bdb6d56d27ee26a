"""A trial: orders that are placed while something goes wrong, and whether everything adds up afterwards."""

import threading
import time
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from uuid import uuid4

import httpx2

from acceptance.audit import at_rest, look_from_outside
from acceptance.caller import TERMINAL, User
from acceptance.conventions import assert_problem
from acceptance.journal import Journal
from acceptance.market import Market
from acceptance.paging import walk

from .shop import FragileShop

T = TypeVar("T")
# What a process held that died is left to others after seconds; whoever waited for them waits longer.
END_SECONDS = 180.0
PLENTY = 1_000_000
PRICE = 100
ENDS = {"CONFIRMED", "CANCELLED", "out_of_stock", "payment_declined", "timeout"}


class Trial:
    """Customers and products of its own, and a journal of all that the customers were told."""

    def __init__(self, shop: FragileShop, market: Market) -> None:
        self.shop = shop
        self.market = market
        self.strikes = 0
        """How often a fault struck, as the test counts."""
        self.ends: Counter[str] = Counter()
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
    def tried(self) -> int:
        """How many orders were accepted, as far as the customers know."""
        return len(self._journal.owners)

    def product(self, units: int = 10_000) -> str:
        """Return a new SKU with so many units, at `PRICE` each."""
        sku = self.market.product(price=PRICE, stock=units)
        self._supplied[sku] = units
        return sku

    def customer(self, balance: int = PLENTY) -> User:
        """Return a new customer with so much money."""
        user = self.market.customer(balance=balance)
        self._users[user.credential] = user
        self._paid_in[user.credential] = balance
        return user

    def fill_cart(self, user: User, sku: str) -> None:
        """Put one unit into the user's cart."""
        insist(lambda: user.put(f"/v1/cart/items/{sku}", json={"quantity": 1}).raise_for_status())

    def place(self, user: User, items: Mapping[str, int], key: str | None = None) -> str:
        """Place an order as stubbornly as a key allows; return its id."""
        key = key or str(uuid4())
        answer = insist(lambda: user.place(items, key))
        self.saw(user, answer.json(), key)
        return str(answer.json()["id"])

    def check_out(self, user: User) -> str | None:
        """Order what is in the user's cart; None if an earlier order has just emptied it."""
        key = str(uuid4())
        answer = insist(lambda: user.place(None, key, expect=None))
        if answer.status_code == 202:
            self.saw(user, answer.json(), key)
            return str(answer.json()["id"])
        assert_problem(answer, 422, "empty-cart")
        return None

    def cancel(self, user: User, order_id: str) -> int:
        """Cancel an order and return the answer's status."""
        answer = insist(lambda: user.cancel(order_id))
        if answer.status_code == 202:
            self.saw(user, answer.json())
        return answer.status_code

    def look(self, user: User, order_id: str, wait: int = 0) -> dict[str, Any]:
        """Return the order as the user sees it, after `wait` seconds at most if it has not ended."""
        order: dict[str, Any] = insist(
            lambda: user.get(f"/v1/orders/{order_id}", params={"wait": wait})
        ).json()
        self.saw(user, order)
        return order

    def end_of(self, user: User, order_id: str) -> str:
        """Wait for the end of an order, and return its state, or the reason why it was rejected."""
        deadline = time.monotonic() + END_SECONDS
        while (order := self.look(user, order_id, wait=2))["state"] not in TERMINAL:
            assert time.monotonic() < deadline, f"{order} after {END_SECONDS:.0f} s"
        return str(order["reason"] or order["state"])

    def until_confirmed(self) -> None:
        """Return when a new order goes through."""
        deadline = time.monotonic() + END_SECONDS
        # One and the same for all times: what a fault has just broken may not take new ones yet.
        self._regular = self._regular or (self.customer(), self.product())
        user, sku = self._regular
        while self.end_of(user, self.place(user, {sku: 1})) != "CONFIRMED":
            assert time.monotonic() < deadline, "nothing goes through any more"

    def saw(self, user: User, order: Mapping[str, Any], key: str | None = None) -> None:
        """Remember what the user was told of an order, in answer to a POST under `key` or otherwise."""
        line = {"owner": user.credential, "key": key, "order": order["id"], "state": order["state"]}
        with self._lock:
            self._journal.add(line)

    def conclude(self) -> None:
        """Mend the shop, wait until all orders have ended, and assert that everything adds up."""
        self.shop.mend()
        report = at_rest(self.market.admin, END_SECONDS)
        assert report is not None, "the shop has no audit"
        assert report["at_rest"], f"not at rest after {END_SECONDS:.0f} s: {report}"
        assert report["ok"], {name: found for name, found in report["invariants"].items() if not found["ok"]}
        verdicts = look_from_outside(self._journal, self._users, stranger=self.market.admin)
        assert all(verdict.ok for verdict in verdicts), verdicts
        self._add_up()

    def _add_up(self) -> None:
        """Assert that no order is lost, and that wallets and shelves lack exactly what was bought."""
        self.ends.clear()
        sold: Counter[str] = Counter()
        ended: set[str] = set()
        for credential, user in self._users.items():
            orders = walk(user, "/v1/orders", 100)
            self.ends.update(order["reason"] or order["state"] for order in orders)
            ended |= {order["id"] for order in orders if order["state"] in TERMINAL}
            confirmed = [order for order in orders if order["state"] == "CONFIRMED"]
            for item in (item for order in confirmed for item in order["items"]):
                sold[item["sku"]] += item["quantity"]
            spent = sum(order["total"]["amount"] for order in confirmed)
            assert user.balance() == self._paid_in[credential] - spent
        for sku, units in self._supplied.items():
            assert self.market.stock(sku) == (units - sold[sku], 0)
        self.lost = len(self._journal.owners.keys() - ended)
        assert self.lost == 0
        assert set(self.ends) <= ENDS


def insist(call: Callable[[], T]) -> T:
    """Return what the call returns; make it again while connections break, which must be harmless."""
    deadline = time.monotonic() + END_SECONDS
    while True:
        try:
            return call()
        except httpx2.TransportError:
            assert time.monotonic() < deadline, "the gateway breaks every connection"
            time.sleep(0.1)

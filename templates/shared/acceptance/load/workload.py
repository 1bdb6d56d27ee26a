"""Workload of a load test: requests drawn at random from a mix of operations."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from random import Random
from uuid import uuid4

import h11

from ..client import User
from ..journal import JournalWriter
from .connections import Response

REMEMBERED = 1000
_IDEMPOTENT_METHODS = frozenset({"GET", "PUT", "DELETE"})


@dataclass(frozen=True, slots=True)
class Shopper:
    """User of the load test, with its recent orders."""

    user: User
    placed: deque[Placed]

    def authorization(self) -> tuple[str, str]:
        """Return the header with the current token."""
        assert self.user.token is not None
        return "Authorization", f"Bearer {self.user.token()}"


@dataclass(frozen=True, slots=True)
class Placed:
    """Accepted order."""

    order_id: str
    key: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Request:
    """Request of an operation, with the expected statuses of its response."""

    operation: str
    method: str
    path: str
    expected: frozenset[int]
    shopper: Shopper | None = None
    key: str | None = None
    body: bytes = b""

    @property
    def idempotent(self) -> bool:
        """Whether the method is idempotent (RFC 9110, 9.2.2); only `resolve` repeats a POST with a key."""
        return self.method in _IDEMPOTENT_METHODS

    def head(self, host: str) -> h11.Request:
        """Return the method, target and headers for `host`."""
        headers = [("Host", host)]
        if self.shopper:
            headers.append(self.shopper.authorization())
        if self.key is not None:
            headers.append(("Idempotency-Key", self.key))
        if self.body:
            headers += [("Content-Type", "application/json"), ("Content-Length", str(len(self.body)))]
        return h11.Request(method=self.method, target=self.path, headers=headers)


class Workload:
    """Draws requests from a mix such as {"browse": 90, "order": 10}, and remembers the orders it placed."""

    def __init__(
        self,
        mix: Mapping[str, float],
        skus: list[str],
        shoppers: list[Shopper],
        random: Random,
        journal: JournalWriter | None = None,
    ) -> None:
        self._operations = [OPERATIONS[name] for name in mix]
        self._weights = list(mix.values())
        self._skus = skus
        self._shoppers = shoppers
        self._random = random
        self._journal = journal

    def draw(self) -> Request:
        """Return the next request."""
        return self._random.choices(self._operations, self._weights)[0](self)

    def record_response(self, request: Request, response: Response) -> None:
        """Remember and journal the order in an expected response."""
        shopper = request.shopper
        if shopper is None or response.status == 409 or not request.path.startswith("/v1/orders"):
            return
        order = json.loads(response.body)
        if request.operation == "order" and request.key and request.body:
            shopper.placed.append(Placed(order["id"], request.key, request.body))
        if self._journal is not None:
            self._journal.order(shopper.user.credential, request.key, order)

    def browse(self) -> Request:
        """Read one product."""
        return Request("browse", "GET", f"/v1/products/{self._sku()}", _OK)

    def page(self) -> Request:
        """Read a page of the catalog."""
        return Request("list", "GET", "/v1/products?limit=20", _OK)

    def cart(self) -> Request:
        """Put a product into a cart."""
        body = b'{"quantity": %d}' % self._random.randint(1, 5)
        return Request("cart", "PUT", f"/v1/cart/items/{self._sku()}", _OK, self._shopper(), body=body)

    def order(self) -> Request:
        """Order one unit of one to three products under a new key."""
        skus = {self._sku() for _ in range(self._random.randint(1, 3))}
        body = json.dumps({"items": [{"sku": sku, "quantity": 1} for sku in skus]}).encode()
        return Request("order", "POST", "/v1/orders", _ACCEPTED, self._shopper(), str(uuid4()), body)

    def replay(self) -> Request:
        """Repeat an earlier order with its key; without one, place an order."""
        shopper, placed = self._earlier()
        if placed is None:
            return self.order()
        return Request("replay", "POST", "/v1/orders", _ACCEPTED, shopper, placed.key, placed.body)

    def read(self) -> Request:
        """Read an earlier order; without one, read a product."""
        shopper, placed = self._earlier()
        if placed is None:
            return self.browse()
        return Request("read", "GET", f"/v1/orders/{placed.order_id}", _OK, shopper)

    def cancel(self) -> Request:
        """Cancel an earlier order (409 is expected, too); without one, read a product."""
        shopper, placed = self._earlier()
        if placed is None:
            return self.browse()
        return Request("cancel", "POST", f"/v1/orders/{placed.order_id}/cancel", _CANCELLED, shopper)

    def wallet(self) -> Request:
        """Read a balance."""
        return Request("wallet", "GET", "/v1/wallet", _OK, self._shopper())

    def login(self) -> Request:
        """Log a user in with email and password."""
        email, _, password = self._shopper().user.credential.partition(":")
        body = json.dumps({"email": email, "password": password}).encode()
        return Request("login", "POST", "/v1/auth/login", _OK, body=body)

    def _sku(self) -> str:
        return self._random.choice(self._skus)

    def _shopper(self) -> Shopper:
        return self._random.choice(self._shoppers)

    def _earlier(self) -> tuple[Shopper, Placed | None]:
        shopper = self._shopper()
        return shopper, self._random.choice(shopper.placed) if shopper.placed else None


_OK = frozenset({200})
_ACCEPTED = frozenset({202})
_CANCELLED = frozenset({202, 409})
OPERATIONS: dict[str, Callable[[Workload], Request]] = {
    "browse": Workload.browse,
    "list": Workload.page,
    "cart": Workload.cart,
    "order": Workload.order,
    "replay": Workload.replay,
    "read": Workload.read,
    "cancel": Workload.cancel,
    "wallet": Workload.wallet,
    "login": Workload.login,
}
IDEMPOTENT_OPERATIONS = frozenset({"browse", "list", "cart", "read", "wallet"})

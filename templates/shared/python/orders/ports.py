"""Ports of orders: what they need from the rest of the program."""

from collections.abc import Collection, Mapping
from typing import Protocol
from uuid import UUID

from chassis.money import Money

from .domain import OrderRecord, OrderRequest


class Catalog(Protocol):
    """Looks up prices."""

    async def prices(self, skus: Collection[str]) -> Mapping[str, Money]:
        """Return the current price of each of `skus` that exists."""
        ...


class CartItem(Protocol):
    """The data of a cart item that an order needs."""

    @property
    def quantity(self) -> int:
        """The number of units."""
        ...

    @property
    def revision(self) -> UUID:
        """Identifies this state of the item; every change of the item gives a new one."""
        ...


class Cart(Protocol):
    """Looks up carts."""

    async def items(self, user_id: UUID) -> Mapping[str, CartItem]:
        """Return the items of the cart by SKU."""
        ...


class Limit(Protocol):
    """A rate limit."""

    async def hit(self, subject: str) -> None:
        """Count a request of `subject`; raise the problem `too-many-requests` if it exceeds the limit."""
        ...


class OrderProcessor(Protocol):
    """Takes an order to its final state: confirmed, with units and payment, or rejected."""

    async def place(self, record: OrderRecord, request: OrderRequest) -> OrderRecord:
        """Store the pending order for the request and return it, in its final state or still pending.

        Raises SQLAlchemy's `IntegrityError` if the request was already stored, or a cart item was already
        ordered.
        """
        ...

    async def cancel(self, record: OrderRecord) -> OrderRecord:
        """Restock and refund a confirmed order, once; return it, cancelled or about to be."""
        ...

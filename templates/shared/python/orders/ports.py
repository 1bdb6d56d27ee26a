"""What orders need from elsewhere."""

from collections.abc import Collection, Mapping
from typing import Protocol
from uuid import UUID

from ..chassis.money import Money
from .domain import OrderRecord, OrderRequest


class Catalog(Protocol):
    """Knows what products cost."""

    async def prices(self, skus: Collection[str]) -> Mapping[str, Money]:
        """Return the newest price of each of `skus` that exists."""
        ...


class Cart(Protocol):
    """Knows what users have in their carts."""

    async def quantities(self, user_id: UUID) -> Mapping[str, int]:
        """Return how many units of each SKU are in the cart."""
        ...


class Limit(Protocol):
    """A rule of rate limiting."""

    async def hit(self, subject: str) -> None:
        """Count a request of `subject`; raise the problem `too-many-requests` when it is one too many."""
        ...


class OrderProcessor(Protocol):
    """Brings an order to its end: with the units and the money, or without."""

    async def place(self, record: OrderRecord, request: OrderRequest) -> OrderRecord:
        """Store the pending order for the request and return it, ended or still pending.

        Raise sqlalchemy's `IntegrityError` if the request had been stored before.
        """
        ...

    async def cancel(self, record: OrderRecord) -> OrderRecord:
        """Give units and money of a confirmed order back, once; return it, cancelled or about to be."""
        ...

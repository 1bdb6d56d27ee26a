"""Ports of the saga: what it requires of inventory, payments and carts.

Every step is idempotent per order, even if two calls overtake each other. A caller that does not know whether
a step was taken repeats it. A method that returns has a definite result. If it raises anything, the outcome
is unknown: the step may have been taken, or may still be.
"""

from collections.abc import Collection, Mapping
from typing import Protocol
from uuid import UUID


class Inventory(Protocol):
    """Reserves units for orders."""

    async def reserve(self, order_id: UUID, quantities: Mapping[str, int]) -> bool:
        """Reserve the units of each SKU for the order, all or none.

        Return False if there are too few. That is final: nothing is reserved for this order later.
        """
        ...

    async def commit(self, order_id: UUID) -> None:
        """Remove the reserved units from stock."""
        ...

    async def release(self, order_id: UUID) -> None:
        """Release the reserved units, and refuse a reservation that arrives later."""
        ...

    async def restock(self, order_id: UUID) -> None:
        """Return the committed units to stock."""
        ...


class Payments(Protocol):
    """Debits and refunds orders."""

    async def debit(self, user_id: UUID, order_id: UUID, amount: int) -> bool:
        """Debit `amount` (minor units) from the user's wallet.

        Return False if the balance is too low. That is not final: the same step may succeed later.
        """
        ...

    async def refund(self, user_id: UUID, order_id: UUID) -> None:
        """Refund the order's debit, and decline a debit that arrives later."""
        ...

    async def paid(self, user_id: UUID, order_id: UUID) -> bool:
        """Return whether the order was debited and not refunded."""
        ...


class Cart(Protocol):
    """Removes ordered items from carts."""

    async def remove(self, user_id: UUID, revisions: Mapping[str, UUID], skus: Collection[str]) -> None:
        """Remove the items with these revisions, by SKU, and the items with `skus`, in whatever revision."""
        ...

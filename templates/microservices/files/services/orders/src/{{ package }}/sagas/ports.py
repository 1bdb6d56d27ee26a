"""What sagas need from elsewhere.

Every step belongs to an order, and taking it twice is taking it once, also when the two overtake each other.
So whoever does not know whether a step was taken takes it again. A method that returns has an answer; one
that raises, whatever it raises, has none: the step may have been taken, or may be taken still.
"""

from collections.abc import Collection, Mapping
from typing import Protocol
from uuid import UUID


class Inventory(Protocol):
    """Promises units to orders."""

    async def reserve(self, order_id: UUID, quantities: Mapping[str, int]) -> bool:
        """Promise the units of each SKU to the order, all or none.

        False if there are too few: that is final, and nothing is promised to this order later.
        """
        ...

    async def commit(self, order_id: UUID) -> None:
        """Take the promised units off the shelf."""
        ...

    async def release(self, order_id: UUID) -> None:
        """Free the promised units, and refuse a reservation that comes after this."""
        ...

    async def restock(self, order_id: UUID) -> None:
        """Put the committed units back on the shelf."""
        ...


class Payments(Protocol):
    """Takes the money for orders."""

    async def debit(self, user_id: UUID, order_id: UUID, amount: int) -> bool:
        """Take `amount` (minor units) from the user.

        False if there is too little. That is not final: the same step may succeed later.
        """
        ...

    async def refund(self, user_id: UUID, order_id: UUID) -> None:
        """Give back what was taken for the order, and decline a debit that comes after this."""
        ...

    async def paid(self, user_id: UUID, order_id: UUID) -> bool:
        """Whether the order's money was taken, and not given back."""
        ...


class Cart(Protocol):
    """Knows what users have in their carts."""

    async def remove(self, user_id: UUID, skus: Collection[str]) -> None:
        """Take the SKUs out of the user's cart."""
        ...

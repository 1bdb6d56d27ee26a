"""What users may do with orders."""

import asyncio
import time
from collections.abc import Mapping
from uuid import UUID

import msgspec
from sqlalchemy.exc import IntegrityError

from ..chassis.paging import Page, decode_cursor, page_of
from ..chassis.problems import Conflict, Invalid, NotFound, Problem
from .book import OrderBook
from .domain import Answer, Order, Purchase, Request, State, new_purchase
from .ports import Cart, Catalog, Placement

LONGEST_PAUSE = 0.25
_AFTER_ALL = UUID(int=(1 << 128) - 1)


class Orders:
    """Places, shows and cancels orders; nobody sees another's."""

    def __init__(
        self, book: OrderBook, catalog: Catalog, cart: Cart, placement: Placement, currency: str
    ) -> None:
        self._book = book
        self._catalog = catalog
        self._cart = cart
        self._placement = placement
        self._currency = currency

    async def place(self, request: Request, items: Mapping[str, int] | None) -> Answer:
        """Order `items` (quantities by SKU) or, for None, what is in the cart; a repetition orders nothing.

        Raise `Invalid` for a key of another request, an unknown product or an empty cart.
        """
        answer = await self._book.answer(request)
        if answer is not None:
            return answer
        quantities = items if items is not None else await self._cart.quantities(request.user_id)
        if not quantities:
            return await self._answer_empty_cart(request)
        prices = await self._catalog.prices(quantities)
        unknown = [sku for sku in quantities if sku not in prices]
        if unknown:
            raise Invalid("unknown-product", f"There is no product {', '.join(unknown)}.")
        purchase = new_purchase(request.user_id, quantities, prices, self._currency, from_cart=items is None)
        try:
            placed = await self._placement.place(purchase, request)
        except IntegrityError:
            # The same request came twice at once, and the other one was first.
            answer = await self._book.answer(request)
            if answer is None:
                raise
            return answer
        return Answer(placed.order.id, msgspec.json.encode(placed.order), replayed=False)

    async def _answer_empty_cart(self, request: Request) -> Answer:
        # The same request, just answered, may be what emptied it.
        answer = await self._book.answer(request)
        if answer is None:
            raise Invalid("empty-cart", "There is nothing in the cart.")
        return answer

    async def page(self, user_id: UUID, cursor: str | None, limit: int) -> Page[Order]:
        """Return a page of the user's orders, the newest first."""
        before = _before(cursor) if cursor is not None else _AFTER_ALL
        orders = await self._book.newest(user_id, before, limit + 1)
        return page_of(orders, limit, lambda order: str(order.id))

    async def read(self, user_id: UUID, order_id: UUID, wait: float = 0) -> Order:
        """Return the user's order, waiting up to `wait` seconds for its end; raise `NotFound`."""
        deadline = time.monotonic() + wait
        pause = 0.02
        while True:
            order = (await self._find(user_id, order_id)).order
            left = deadline - time.monotonic()
            if order.state is not State.PENDING or left <= 0:
                return order
            await asyncio.sleep(min(pause, left))
            pause = min(pause * 1.5, LONGEST_PAUSE)

    async def cancel(self, user_id: UUID, order_id: UUID) -> Order:
        """Cancel a confirmed order and return it; raise `NotFound`, or `Conflict` in another state."""
        purchase = await self._find(user_id, order_id)
        match purchase.order.state:
            case State.CONFIRMED:
                purchase = await self._placement.cancel(purchase)
            case State.PENDING:
                raise Conflict("order-pending", "The order is not confirmed yet.")
            case State.REJECTED:
                raise Conflict("order-not-cancellable", "The order was rejected.")
        return purchase.order

    async def _find(self, user_id: UUID, order_id: UUID) -> Purchase:
        purchase = await self._book.find(user_id, order_id)
        if purchase is None:
            raise NotFound(f"You have no order {order_id}.")
        return purchase


def _before(cursor: str) -> UUID:
    try:
        return UUID(decode_cursor(cursor))
    except ValueError as error:
        raise Problem(400, "bad-cursor", "The cursor is not one that this list gave out.") from error

"""Order service: what users can do with orders."""

import asyncio
import time
from collections.abc import Mapping
from contextlib import suppress
from uuid import UUID

import msgspec

from chassis.db.conflicts import retry_duplicates
from chassis.http.paging import Page, decode_cursor, page_of
from chassis.http.problems import Conflict, Invalid, NotFound, Problem
from chassis.money import Money

from .domain import Order, OrderRecord, OrderRequest, OrderResponse, OrderState, new_order_record
from .ports import Cart, CartItem, Catalog, OrderProcessor
from .repository import OrderRepository

# How often a waiting request reads the order, in case that another process changes it.
FIRST_POLL_SECONDS = 0.05
MAX_POLL_SECONDS = 0.25
_MAX_ID = UUID(int=(1 << 128) - 1)


class Orders:
    """Places, reads and cancels orders; users see only their own."""

    def __init__(
        self,
        repository: OrderRepository,
        catalog: Catalog,
        cart: Cart,
        processor: OrderProcessor,
        currency: str,
    ) -> None:
        self._repository = repository
        self._catalog = catalog
        self._cart = cart
        self._processor = processor
        self._currency = currency

    async def place(
        self, request: OrderRequest, items: Mapping[str, int] | None, expected_total: Money | None = None
    ) -> OrderResponse:
        """Order `items` (quantities by SKU), or the cart for None; a repeated request orders nothing new.

        Raises `Invalid` for the key of another request, an unknown product or an empty cart, and `Conflict`
        if the total is another one than `expected_total`.
        """
        return await self._place(request, items, expected_total)

    # A concurrent repetition of this request, or another order of the cart, may be stored first.
    @retry_duplicates
    async def _place(
        self, request: OrderRequest, items: Mapping[str, int] | None, expected_total: Money | None
    ) -> OrderResponse:
        response = await self._repository.response(request)
        if response is not None:
            return response
        revisions = None
        if items is None:
            cart = await self._cart_to_order(request.user_id)
            if not cart:
                return await self._response_to_empty_cart(request)
            items = {sku: item.quantity for sku, item in cart.items()}
            revisions = {sku: item.revision for sku, item in cart.items()}
        prices = await self._catalog.prices(items)
        unknown = [sku for sku in items if sku not in prices]
        if unknown:
            raise Invalid("unknown-product", f"These products do not exist: {', '.join(unknown)}.")
        record = new_order_record(request.user_id, items, prices, self._currency, revisions)
        if expected_total is not None and expected_total != record.order.total:
            total = record.order.total
            detail = f"The total is now {total.amount} {total.currency}, in minor units."
            raise Conflict("total-changed", detail)
        placed = await self._processor.place(record, request)
        return OrderResponse(placed.order.id, msgspec.json.encode(placed.order), replayed=False)

    async def _cart_to_order(self, user_id: UUID) -> dict[str, CartItem]:
        """Return the items of the cart, without those of orders that have not yet emptied it."""
        cart = await self._cart.items(user_id)
        ordered = await self._repository.ordered_cart_items(user_id, cart) if cart else set()
        return {sku: item for sku, item in cart.items() if (sku, item.revision) not in ordered}

    async def _response_to_empty_cart(self, request: OrderRequest) -> OrderResponse:
        # A concurrent repetition of this request may have emptied the cart.
        response = await self._repository.response(request)
        if response is None:
            raise Invalid("empty-cart", "The cart is empty.")
        return response

    async def page(self, user_id: UUID, cursor: str | None, limit: int) -> Page[Order]:
        """Return a page of the user's orders, newest first."""
        before = id_before(cursor)
        orders = await self._repository.newest(user_id, before, limit + 1)
        return page_of(orders, limit, lambda order: str(order.id))

    async def read(self, user_id: UUID, order_id: UUID, wait: float = 0) -> Order:
        """Return the user's order, waiting up to `wait` seconds for a final state; raise `NotFound`."""
        deadline = time.monotonic() + wait
        pause = FIRST_POLL_SECONDS
        while True:
            changed = self._repository.next_change(order_id)
            order = (await self._find(user_id, order_id)).order
            left = deadline - time.monotonic()
            if order.state is not OrderState.PENDING or left <= 0:
                return order
            with suppress(TimeoutError):
                async with asyncio.timeout(min(pause, left)):
                    await changed.wait()
            pause = min(pause * 1.5, MAX_POLL_SECONDS)

    async def cancel(self, user_id: UUID, order_id: UUID) -> Order:
        """Cancel a confirmed order and return it; raise `NotFound`, or `Conflict` in another state."""
        record = await self._find(user_id, order_id)
        match record.order.state:
            case OrderState.CONFIRMED:
                record = await self._processor.cancel(record)
            case OrderState.PENDING:
                raise Conflict("order-pending", "The order is still pending. Cancel it once it is confirmed.")
            case OrderState.REJECTED:
                raise Conflict("order-not-cancellable", "A rejected order cannot be cancelled.")
        return record.order

    async def _find(self, user_id: UUID, order_id: UUID) -> OrderRecord:
        record = await self._repository.find(user_id, order_id)
        if record is None:
            raise NotFound(f"You have no order {order_id}.")
        return record


def id_before(cursor: str | None) -> UUID:
    """Return the id that the orders of the page with this cursor are below; raise `bad-cursor`."""
    if cursor is None:
        return _MAX_ID
    try:
        return UUID(decode_cursor(cursor))
    except ValueError as error:
        raise Problem(400, "bad-cursor", "Invalid cursor. Use the next_cursor of another page.") from error

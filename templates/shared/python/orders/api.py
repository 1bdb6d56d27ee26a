"""HTTP API of orders."""

from hashlib import sha256
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, Query, Response
from pydantic import AfterValidator, Field, StringConstraints
from typing_extensions import TypedDict

from chassis.auth.security import ADMIN, Caller, role
from chassis.http.paging import Cursor, Limit, Page
from chassis.http.replies import reply, reply_bytes
from chassis.http.requests import Body, Decimal, Id, IdempotencyKey, Moment, Sku, Whole
from chassis.money import Money

from .administration import OrderAdministration
from .domain import Order, OrderDetails, OrderFilter, OrderRequest, OrderState, OwnedOrder
from .ports import Limit as RateLimit
from .service import Orders

Wait = Annotated[float, Query(ge=0, le=30, allow_inf_nan=False), Decimal]


class Item(Body):
    """A number of units of a product."""

    sku: Sku
    quantity: Annotated[int, Field(ge=1, le=1000), Whole]


def _each_sku_once(items: list[Item]) -> list[Item]:
    if len({item.sku for item in items}) < len(items):
        raise ValueError("Each SKU may appear only once.")
    return items


class ExpectedTotal(Body):
    """What the customer expects to pay, in minor units."""

    amount: Annotated[int, Field(ge=0, lt=1 << 63), Whole]
    currency: Annotated[str, StringConstraints(min_length=3, max_length=3)]


class NewOrder(TypedDict, total=False):
    """What to order; without `items`, the contents of the cart.

    With an `expected_total`, nothing is ordered if the total is another one: prices or the cart have changed.
    """

    __pydantic_config__ = Body.model_config  # type: ignore[misc]

    items: Annotated[list[Item], Field(min_length=1, max_length=50), AfterValidator(_each_sku_once)]
    expected_total: ExpectedTotal


def router(orders: Orders, limit: RateLimit) -> APIRouter:
    """Return the routes of orders; `limit` bounds how often a user may place one."""
    routes = APIRouter(tags=["orders"])

    @routes.post("/v1/orders", status_code=202, responses={202: {"model": Order}, 409: {}})
    async def place_order(caller: Caller, key: IdempotencyKey, body: NewOrder) -> Response:
        await limit.hit(str(caller.id))
        items = body.get("items")
        quantities = {item.sku: item.quantity for item in items} if items is not None else None
        given = body.get("expected_total")
        expected = Money(given.amount, given.currency) if given is not None else None
        content = quantities if expected is None else (quantities, expected)
        fingerprint = sha256(msgspec.json.encode(content)).digest()
        answer = await orders.place(OrderRequest(caller.id, key, fingerprint), quantities, expected)
        headers = {"Location": _location(answer.order_id)}
        if answer.replayed:
            headers["Idempotent-Replayed"] = "true"
        return reply_bytes(answer.body, 202, headers)

    @routes.get("/v1/orders", responses={200: {"model": Page[Order]}, 400: {}})
    async def list_orders(caller: Caller, cursor: Cursor = None, limit: Limit = 20) -> Response:
        return reply(await orders.page(caller.id, cursor, limit))

    @routes.get("/v1/orders/{order_id}", responses={200: {"model": Order}, 404: {}})
    async def read_order(caller: Caller, order_id: Id, wait: Wait = 0) -> Response:
        return reply(await orders.read(caller.id, order_id, wait))

    @routes.post(
        "/v1/orders/{order_id}/cancel",
        status_code=202,
        responses={202: {"model": Order}, 404: {}, 409: {}},
    )
    async def cancel_order(caller: Caller, order_id: Id) -> Response:
        order = await orders.cancel(caller.id, order_id)
        return reply(order, 202, {"Location": _location(order.id)})

    return routes


def administration(orders: OrderAdministration) -> APIRouter:
    """Return the routes with which administrators read the orders of all users."""
    routes = APIRouter(prefix="/v1/admin/orders", tags=["orders"], dependencies=[role(ADMIN)])

    @routes.get("", responses={200: {"model": Page[OwnedOrder]}, 400: {}})
    async def list_all_orders(
        state: OrderState | None = None,
        user_id: Id | None = None,
        placed_from: Moment | None = None,
        placed_before: Moment | None = None,
        cursor: Cursor = None,
        limit: Limit = 20,
    ) -> Response:
        """List orders of all users, newest first."""
        chosen = OrderFilter(state, user_id, placed_from, placed_before)
        return reply(await orders.page(chosen, cursor, limit))

    @routes.get("/{order_id}", responses={200: {"model": OrderDetails}, 404: {}})
    async def read_any_order(order_id: Id) -> Response:
        """Read an order of any user, with its history."""
        return reply(await orders.read(order_id))

    return routes


def _location(order_id: UUID) -> str:
    return f"/v1/orders/{order_id}"

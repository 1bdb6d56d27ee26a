"""HTTP API of the cart."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from chassis.auth.security import Caller
from chassis.http.replies import PRIVATE, reply
from chassis.http.requests import Body, SkuPath, Whole, invalid

from .domain import Cart
from .service import MAX_ITEMS, CartIsFull, Carts


class Quantity(Body):
    """A number of units."""

    quantity: Annotated[int, Field(ge=1, le=1000), Whole]


def router(carts: Carts) -> APIRouter:
    """Return the routes of the cart."""
    routes = APIRouter(tags=["cart"])

    @routes.get("/v1/cart", responses={200: {"model": Cart}})
    async def read_cart(caller: Caller) -> Response:
        return reply(await carts.view(caller.id))

    @routes.put("/v1/cart/items/{sku}", responses={200: {"model": Cart}, 404: {}})
    async def put_item(sku: SkuPath, body: Quantity, caller: Caller) -> Response:
        try:
            await carts.put(caller.id, sku, body.quantity)
        except CartIsFull as error:
            raise invalid("", f"A cart can hold at most {MAX_ITEMS} different items.") from error
        return reply(await carts.view(caller.id))

    @routes.delete("/v1/cart/items/{sku}", status_code=204)
    async def remove_item(sku: SkuPath, caller: Caller) -> Response:
        await carts.remove_one(caller.id, sku)
        return Response(status_code=204, headers=PRIVATE)

    @routes.delete("/v1/cart", status_code=204)
    async def empty_cart(caller: Caller) -> Response:
        await carts.empty(caller.id)
        return Response(status_code=204, headers=PRIVATE)

    return routes

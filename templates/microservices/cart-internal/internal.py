"""Internal API of the cart, for other services."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from chassis.db.database import Database
from chassis.http.calls.server import internal_router
from chassis.http.calls.tokens import CallerVerifier
from chassis.http.replies import PRIVATE, reply
from chassis.http.requests import Body, Sku

from ..cart.service import Carts


@dataclass(frozen=True, slots=True)
class CartContents:
    """Quantities in a cart and revisions of its items, by SKU."""

    items: dict[str, int]
    revisions: dict[str, UUID]


class RemovalRequest(Body):
    """Items to remove from a cart because they were ordered: those that still have these revisions, by SKU.

    Orders that were placed before items had revisions name only `skus`.
    """

    revisions: dict[Sku, Annotated[UUID, Field(strict=False)]] = Field(default_factory=dict, max_length=100)
    skus: list[Sku] = Field(default_factory=list, max_length=100)


def router(database: Database, carts: Carts, caller_verifier: CallerVerifier) -> APIRouter:
    """Return the routes for other services."""
    routes = internal_router(caller_verifier)

    @routes.get("/carts/{user_id}", responses={200: {"model": CartContents}})
    async def read_contents(user_id: UUID) -> Response:
        """Return the contents of the user's cart."""
        items = await carts.items(user_id)
        quantities = {sku: item.quantity for sku, item in items.items()}
        return reply(CartContents(quantities, {sku: item.revision for sku, item in items.items()}))

    @routes.post("/carts/{user_id}/removals", status_code=204)
    async def remove(user_id: UUID, body: RemovalRequest) -> Response:
        """Remove ordered items from the cart; items that are not in it are ignored."""
        async with database.transaction() as transaction:
            if body.revisions:
                await carts.remove_revisions(transaction, user_id, body.revisions)
            if body.skus:
                await carts.remove(transaction, user_id, body.skus)
        return Response(status_code=204, headers=PRIVATE)

    return routes

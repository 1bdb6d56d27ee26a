"""Internal API of the cart, for other services."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from ..cart.service import Carts
from ..chassis.database import Database
from ..chassis.replies import PRIVATE, reply
from ..chassis.requests import Body, Sku
from ..service_calls.server import internal_router
from ..service_calls.tokens import CallerVerifier


@dataclass(frozen=True, slots=True)
class CartContents:
    """Quantities in a cart, by SKU."""

    items: dict[str, int]


class RemovalRequest(Body):
    """SKUs to remove from a cart because they were ordered."""

    skus: Annotated[list[Sku], Field(min_length=1, max_length=100)]


def router(database: Database, carts: Carts, caller_verifier: CallerVerifier) -> APIRouter:
    """Return the routes for other services."""
    routes = internal_router(caller_verifier)

    @routes.get("/carts/{user_id}", responses={200: {"model": CartContents}})
    async def read_contents(user_id: UUID) -> Response:
        """Return the quantities in the user's cart."""
        return reply(CartContents(await carts.quantities(user_id)))

    @routes.post("/carts/{user_id}/removals", status_code=204)
    async def remove(user_id: UUID, body: RemovalRequest) -> Response:
        """Remove SKUs from the cart; SKUs that are not in it are ignored."""
        async with database.transaction() as transaction:
            await carts.remove(transaction, user_id, body.skus)
        return Response(status_code=204, headers=PRIVATE)

    return routes

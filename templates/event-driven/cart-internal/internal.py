"""Internal API of the cart, for other services."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Response

from chassis.http.calls.server import internal_router
from chassis.http.calls.tokens import CallerVerifier
from chassis.http.replies import reply

from ..cart.service import Carts


@dataclass(frozen=True, slots=True)
class CartContents:
    """Quantities in a cart and revisions of its items, by SKU."""

    items: dict[str, int]
    revisions: dict[str, UUID]


def router(carts: Carts, caller_verifier: CallerVerifier) -> APIRouter:
    """Return the routes for other services."""
    routes = internal_router(caller_verifier)

    @routes.get("/carts/{user_id}", responses={200: {"model": CartContents}})
    async def read_contents(user_id: UUID) -> Response:
        """Return the contents of the user's cart."""
        items = await carts.items(user_id)
        quantities = {sku: item.quantity for sku, item in items.items()}
        return reply(CartContents(quantities, {sku: item.revision for sku, item in items.items()}))

    return routes

"""What the cart tells other services."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Response

from ..cart.service import Carts
from ..chassis.replies import reply
from ..peers.server import internal_router
from ..peers.tokens import Callers


@dataclass(frozen=True, slots=True)
class Contents:
    """Units by SKU."""

    items: dict[str, int]


def router(carts: Carts, callers: Callers) -> APIRouter:
    """Return the routes for other services."""
    routes = internal_router(callers)

    @routes.get("/carts/{user_id}", responses={200: {"model": Contents}})
    async def read_contents(user_id: UUID) -> Response:
        """Tell what is in the user's cart."""
        return reply(Contents(await carts.quantities(user_id)))

    return routes

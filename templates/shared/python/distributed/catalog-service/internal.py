"""What the catalogue tells other services."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from ..catalog.domain import Product
from ..catalog.service import Catalog
from ..chassis.replies import reply
from ..chassis.requests import Body, Sku
from ..service_calls.server import internal_router
from ..service_calls.tokens import CallerVerifier


class LookupRequest(Body):
    """Which products."""

    skus: Annotated[list[Sku], Field(min_length=1, max_length=100)]


def router(catalogue: Catalog, caller_verifier: CallerVerifier) -> APIRouter:
    """Return the routes for other services."""
    routes = internal_router(caller_verifier)

    @routes.post("/products/lookup", responses={200: {"model": list[Product]}})
    async def look_up(body: LookupRequest) -> Response:
        """Return those of the products that exist, as they were committed last."""
        found = await catalogue.find(body.skus)
        return reply(list(found.values()))

    return routes

"""Internal API of the catalog, for other services."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from chassis.http.calls.server import internal_router
from chassis.http.calls.tokens import CallerVerifier
from chassis.http.replies import reply
from chassis.http.requests import Body, Sku

from ..catalog.domain import Product
from ..catalog.service import Catalog


class LookupRequest(Body):
    """SKUs of the products to look up."""

    skus: Annotated[list[Sku], Field(min_length=1, max_length=100)]


def router(catalog: Catalog, caller_verifier: CallerVerifier) -> APIRouter:
    """Return the routes for other services."""
    routes = internal_router(caller_verifier)

    @routes.post("/products/lookup", responses={200: {"model": list[Product]}})
    async def look_up(body: LookupRequest) -> Response:
        """Return the existing products, read past the cache."""
        found = await catalog.find(body.skus)
        return reply(list(found.values()))

    return routes

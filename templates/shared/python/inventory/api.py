"""HTTP API of inventory, for administrators."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from chassis.auth.security import ADMIN, role
from chassis.http.replies import reply
from chassis.http.requests import Body, SkuPath, Whole

from .domain import Stock
from .service import StockService


class OnHand(Body):
    """The units on hand."""

    on_hand: Annotated[int, Field(ge=0, le=1_000_000_000), Whole]


def router(stock_service: StockService) -> APIRouter:
    """Return the routes of inventory."""
    routes = APIRouter(tags=["inventory"], dependencies=[role(ADMIN)])

    @routes.get("/v1/stock/{sku}", responses={200: {"model": Stock}, 404: {}})
    async def read_stock(sku: SkuPath) -> Response:
        return reply(await stock_service.read(sku))

    @routes.put("/v1/stock/{sku}", responses={200: {"model": Stock}, 409: {}})
    async def put_stock(sku: SkuPath, body: OnHand) -> Response:
        return reply(await stock_service.put(sku, body.on_hand))

    return routes

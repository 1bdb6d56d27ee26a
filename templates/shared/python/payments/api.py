"""HTTP API of payments."""

from typing import Annotated

from fastapi import APIRouter, Response
from pydantic import Field

from chassis.auth.security import Admin, Caller
from chassis.http.paging import Page
from chassis.http.replies import reply
from chassis.http.requests import Body, Id, IdempotencyKey, Whole, in_currency, invalid

from .domain import Payment, TopUp, Wallet
from .wallets import Wallets


class Amount(Body):
    """An amount to add to a wallet, in minor units of the shop's currency."""

    amount: Annotated[int, Field(ge=1, le=1_000_000_000), Whole]
    currency: str


class NewTopUp(Body):
    """A top-up of a user's wallet."""

    user_id: Annotated[Id, Field(strict=False)]
    amount: Amount


def router(wallets: Wallets, currency: str) -> APIRouter:
    """Return the routes of payments; all amounts are in `currency` (ISO 4217)."""
    routes = APIRouter(tags=["payments"])

    @routes.get("/v1/wallet", responses={200: {"model": Wallet}})
    async def read_wallet(caller: Caller) -> Response:
        return reply(await wallets.read(caller.id))

    @routes.post(
        "/v1/wallet/top-ups",
        status_code=201,
        responses={201: {"model": TopUp}, 404: {}},
        openapi_extra=in_currency(currency, "amount"),
    )
    async def top_up(admin: Admin, key: IdempotencyKey, body: NewTopUp) -> Response:
        if body.amount.currency != currency:
            raise invalid("/amount/currency", f"The currency must be {currency}.")
        return reply(await wallets.top_up(admin.id, key, body.user_id, body.amount.amount), 201)

    @routes.get("/v1/payments", responses={200: {"model": Page[Payment]}})
    async def list_payments(caller: Caller, order_id: Id) -> Response:
        return reply(Page(await wallets.payments(caller.id, order_id), None))

    return routes

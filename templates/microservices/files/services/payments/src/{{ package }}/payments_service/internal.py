"""Paying for orders and giving back, for the service that steers them.

Each step may be taken again, with the same outcome; so whoever is in doubt takes it again.
"""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from ..chassis.conflicts import retry_conflicts
from ..chassis.database import Database
from ..chassis.replies import PRIVATE, reply
from ..chassis.requests import Body
from ..payments.domain import Kind
from ..payments.ledger import Ledger
from ..service_calls.server import internal_router
from ..service_calls.tokens import CallerVerifier


class DebitRequest(Body):
    """Who pays how much, in minor units."""

    user_id: Annotated[UUID, Field(strict=False)]
    amount: Annotated[int, Field(ge=0)]


class RefundRequest(Body):
    """Who gets it back."""

    user_id: Annotated[UUID, Field(strict=False)]


@dataclass(frozen=True, slots=True)
class DebitResult:
    """Whether the order is paid."""

    debited: bool


@dataclass(frozen=True, slots=True)
class PaymentStatus:
    """What was done for the order so far."""

    debited: bool
    refunded: bool


def router(database: Database, ledger: Ledger, caller_verifier: CallerVerifier) -> APIRouter:
    """Return the routes for other services."""
    routes = internal_router(caller_verifier)

    @routes.put("/payments/{order_id}", responses={200: {"model": DebitResult}})
    @retry_conflicts
    async def debit(order_id: UUID, body: DebitRequest) -> Response:
        """Take the amount from the user's wallet, if it is there."""
        async with database.transaction() as transaction:
            debited = await ledger.debit(transaction, body.user_id, order_id, body.amount)
        return reply(DebitResult(debited))

    @routes.get("/payments/{order_id}", responses={200: {"model": PaymentStatus}})
    async def read_payment(order_id: UUID, user_id: UUID) -> Response:
        """Tell what was done for the order."""
        async with database.reading() as connection:
            steps = await ledger.steps(connection, user_id, order_id)
        return reply(PaymentStatus(Kind.DEBIT in steps, Kind.REFUND in steps))

    @routes.post("/payments/{order_id}/refund", status_code=204)
    @retry_conflicts
    async def refund(order_id: UUID, body: RefundRequest) -> Response:
        """Give back what was taken; what was not taken yet never will be."""
        async with database.transaction() as transaction:
            await ledger.refund(transaction, body.user_id, order_id)
        return Response(status_code=204, headers=PRIVATE)

    return routes

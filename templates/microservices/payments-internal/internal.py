"""Internal API of payments, called by the order saga.

Every step is idempotent, so a caller that does not know its outcome repeats it.
"""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from chassis.batching import MAX_SIZE
from chassis.db.conflicts import retry_conflicts
from chassis.db.database import Database
from chassis.http.calls.server import internal_router
from chassis.http.calls.tokens import CallerVerifier
from chassis.http.replies import PRIVATE, reply
from chassis.http.requests import Body

from ..payments.domain import Kind
from ..payments.ledger import Ledger


class DebitRequest(Body):
    """The user to debit, and the amount in minor units."""

    user_id: Annotated[UUID, Field(strict=False)]
    amount: Annotated[int, Field(ge=0)]


class OrderDebit(DebitRequest):
    """The debit of one of several orders."""

    order_id: Annotated[UUID, Field(strict=False)]


class DebitRequests(Body):
    """Debits of several orders."""

    debits: Annotated[list[OrderDebit], Field(min_length=1, max_length=MAX_SIZE)]


class RefundRequest(Body):
    """The user to refund."""

    user_id: Annotated[UUID, Field(strict=False)]


@dataclass(frozen=True, slots=True)
class DebitResult:
    """Whether the order is paid."""

    debited: bool


@dataclass(frozen=True, slots=True)
class DebitResults:
    """The orders that are paid."""

    debited: list[UUID]


@dataclass(frozen=True, slots=True)
class PaymentStatus:
    """Whether the order was debited, and whether it was refunded."""

    debited: bool
    refunded: bool


def router(database: Database, ledger: Ledger, caller_verifier: CallerVerifier) -> APIRouter:
    """Return the routes for other services."""
    routes = internal_router(caller_verifier)

    @routes.put("/payments", responses={200: {"model": DebitResults}})
    @retry_conflicts
    async def debit_all(body: DebitRequests) -> Response:
        """Debit several orders, each if the balance suffices."""
        debited = []
        async with database.transaction() as transaction:
            await ledger.lock(transaction, {each.user_id for each in body.debits})
            for each in body.debits:
                if await ledger.debit(transaction, each.user_id, each.order_id, each.amount):
                    debited.append(each.order_id)
        return reply(DebitResults(debited))

    @routes.put("/payments/{order_id}", responses={200: {"model": DebitResult}})
    @retry_conflicts
    async def debit(order_id: UUID, body: DebitRequest) -> Response:
        """Debit the amount from the user's wallet if the balance suffices."""
        async with database.transaction() as transaction:
            debited = await ledger.debit(transaction, body.user_id, order_id, body.amount)
        return reply(DebitResult(debited))

    @routes.get("/payments/{order_id}", responses={200: {"model": PaymentStatus}})
    async def read_payment(order_id: UUID, user_id: UUID) -> Response:
        """Return whether the order was debited and refunded."""
        async with database.reading() as connection:
            steps = await ledger.steps(connection, user_id, order_id)
        return reply(PaymentStatus(Kind.DEBIT in steps, Kind.REFUND in steps))

    @routes.post("/payments/{order_id}/refund", status_code=204)
    @retry_conflicts
    async def refund(order_id: UUID, body: RefundRequest) -> Response:
        """Refund the order's debit, and decline a debit that arrives later."""
        async with database.transaction() as transaction:
            await ledger.refund(transaction, body.user_id, order_id)
        return Response(status_code=204, headers=PRIVATE)

    return routes

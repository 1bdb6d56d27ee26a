"""Internal API of reservations, called by the order saga.

Every step is idempotent, so a caller that does not know its outcome repeats it.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from chassis.db.conflicts import retry_conflicts
from chassis.db.connections import Connection
from chassis.db.database import Database
from chassis.http.calls.server import internal_router
from chassis.http.calls.tokens import CallerVerifier
from chassis.http.replies import PRIVATE, reply
from chassis.http.requests import Body, Sku

from ..inventory.domain import ReservationState
from ..inventory.reservations import Reservations

ReservationStep = Callable[[Connection, UUID], Awaitable[None]]


class ReservationRequest(Body):
    """Quantities to reserve, by SKU."""

    items: Annotated[dict[Sku, Annotated[int, Field(ge=1)]], Field(min_length=1, max_length=50)]


@dataclass(frozen=True, slots=True)
class ReservationResult:
    """Whether all units are reserved."""

    reserved: bool


@dataclass(frozen=True, slots=True)
class ReservationStatus:
    """State of an order's reservation; null if the order has reserved nothing."""

    state: ReservationState | None


def router(database: Database, reservations: Reservations, caller_verifier: CallerVerifier) -> APIRouter:
    """Return the routes for other services."""
    routes = internal_router(caller_verifier)

    @retry_conflicts
    async def take(step: ReservationStep, order_id: UUID) -> Response:
        async with database.transaction() as transaction:
            await step(transaction, order_id)
        return Response(status_code=204, headers=PRIVATE)

    @routes.put("/reservations/{order_id}", responses={200: {"model": ReservationResult}})
    @retry_conflicts
    async def reserve(order_id: UUID, body: ReservationRequest) -> Response:
        """Reserve the units for the order, all or none."""
        async with database.transaction() as transaction:
            reserved = await reservations.reserve(transaction, order_id, body.items)
        return reply(ReservationResult(reserved))

    @routes.get("/reservations/{order_id}", responses={200: {"model": ReservationStatus}})
    async def read_reservation(order_id: UUID) -> Response:
        """Return the state of the order's reservation."""
        async with database.reading() as connection:
            return reply(ReservationStatus(await reservations.state(connection, order_id)))

    @routes.post("/reservations/{order_id}/commit", status_code=204)
    async def commit(order_id: UUID) -> Response:
        """Remove the reserved units from stock: the order is paid."""
        return await take(reservations.commit, order_id)

    @routes.post("/reservations/{order_id}/release", status_code=204)
    async def release(order_id: UUID) -> Response:
        """Release the reserved units: the order failed, and a later reservation is refused."""
        return await take(reservations.release, order_id)

    @routes.post("/reservations/{order_id}/restock", status_code=204)
    async def restock(order_id: UUID) -> Response:
        """Return the committed units to stock: the order was cancelled."""
        return await take(reservations.restock, order_id)

    return routes

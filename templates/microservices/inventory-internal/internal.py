"""Internal API of reservations, called by the order saga.

Every step is idempotent, so a caller that does not know its outcome repeats it.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from chassis.batching import MAX_SIZE
from chassis.db.conflicts import retry_conflicts
from chassis.db.connections import Connection
from chassis.db.database import Database
from chassis.http.calls.server import internal_router
from chassis.http.calls.tokens import CallerVerifier
from chassis.http.replies import PRIVATE, reply
from chassis.http.requests import Body, Sku

from ..inventory.domain import ReservationState
from ..inventory.reservations import Reservations

ReservationStep = Callable[[Connection, Collection[UUID]], Awaitable[None]]
Quantities = Annotated[dict[Sku, Annotated[int, Field(ge=1)]], Field(min_length=1, max_length=50)]
OrderId = Annotated[UUID, Field(strict=False)]


class ReservationRequest(Body):
    """Quantities to reserve, by SKU."""

    items: Quantities


class ReservationRequests(Body):
    """Quantities to reserve for several orders, by order id and SKU."""

    orders: Annotated[dict[OrderId, Quantities], Field(min_length=1, max_length=MAX_SIZE)]


class OrderIds(Body):
    """Several orders."""

    order_ids: Annotated[list[OrderId], Field(min_length=1, max_length=MAX_SIZE)]


@dataclass(frozen=True, slots=True)
class ReservationResult:
    """Whether all units are reserved."""

    reserved: bool


@dataclass(frozen=True, slots=True)
class ReservationResults:
    """The orders whose units are reserved."""

    reserved: set[UUID]


@dataclass(frozen=True, slots=True)
class ReservationStatus:
    """State of an order's reservation; null if the order has reserved nothing."""

    state: ReservationState | None


def router(database: Database, reservations: Reservations, caller_verifier: CallerVerifier) -> APIRouter:
    """Return the routes for other services."""
    routes = internal_router(caller_verifier)

    @retry_conflicts
    async def reserve_units(orders: Mapping[UUID, Mapping[str, int]]) -> set[UUID]:
        async with database.transaction() as transaction:
            return await reservations.reserve(transaction, orders)

    @retry_conflicts
    async def take(step: ReservationStep, *order_ids: UUID) -> Response:
        async with database.transaction() as transaction:
            await step(transaction, order_ids)
        return Response(status_code=204, headers=PRIVATE)

    @routes.put("/reservations", responses={200: {"model": ReservationResults}})
    async def reserve_all(body: ReservationRequests) -> Response:
        """Reserve the units for several orders, all or none for each."""
        return reply(ReservationResults(await reserve_units(body.orders)))

    @routes.post("/reservations/commit", status_code=204)
    async def commit_all(body: OrderIds) -> Response:
        """Remove the reserved units of several orders from stock: the orders are paid."""
        return await take(reservations.commit, *body.order_ids)

    @routes.put("/reservations/{order_id}", responses={200: {"model": ReservationResult}})
    async def reserve(order_id: UUID, body: ReservationRequest) -> Response:
        """Reserve the units for the order, all or none."""
        return reply(ReservationResult(bool(await reserve_units({order_id: body.items}))))

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

"""HTTP API of the audit, for administrators; the edge never routes it."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Response

from chassis.auth.security import ADMIN, role
from chassis.http.replies import reply

from .result import Report


def router(report: Callable[[], Awaitable[Report]]) -> APIRouter:
    """Return the route that serves the result of `report`."""
    routes = APIRouter(tags=["operations"], dependencies=[role(ADMIN)])

    @routes.get("/internal/audit", responses={200: {"model": Report}})
    async def read_audit() -> Response:
        return reply(await report())

    return routes

"""Audit route of the content service, for administrators; the edge never routes it."""

from fastapi import APIRouter, Response

from chassis.auth.security import ADMIN, role
from chassis.db.database import Database
from chassis.http.replies import reply

from .content import add_content
from .contexts import content
from .isolation import one_moment
from .result import Finding, Report


def router(database: Database) -> APIRouter:
    """Return the route that serves the report on content."""
    routes = APIRouter(tags=["operations"], dependencies=[role(ADMIN)])

    @routes.get("/internal/audit/content", responses={200: {"model": Report}})
    async def read_content_audit() -> Response:
        async with one_moment(database) as connection:
            snapshot = await content.take_snapshot(connection)
        nothing = {name: Finding(True, []) for name in ("I6", "I7")}
        return reply(add_content(Report(at_rest=True, ok=True, invariants=nothing, counts={}), snapshot))

    return routes

"""Audit route of a service: a snapshot of its data."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Response

from ..db.connections import Connection
from ..db.database import Database
from ..http.calls.server import internal_router
from ..http.calls.tokens import CallerVerifier
from ..http.replies import reply
from ..settings import Settings

TakeSnapshot = Callable[[Connection], Awaitable[Any]]


class AuditSettings(Settings):
    """Whether the audit route exists; for tests and development only."""

    audit_enabled: bool = False


def routers(
    database: Database, take_snapshot: TakeSnapshot, caller_verifier: CallerVerifier
) -> list[APIRouter]:
    """Return the route that serves `take_snapshot` as of one moment, or none if the audit is disabled."""
    if not AuditSettings().audit_enabled:
        return []
    routes = internal_router(caller_verifier)

    @routes.get("/facts")
    async def read_facts() -> Response:
        async with database.snapshot() as connection:
            return reply(await take_snapshot(connection))

    return [routes]

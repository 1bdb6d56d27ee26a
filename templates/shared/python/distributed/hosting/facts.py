"""What a service tells the audit."""

from collections.abc import Awaitable, Callable
from typing import Any

from fastapi import APIRouter, Response

from ..chassis.connections import Connection
from ..chassis.database import Database
from ..chassis.replies import reply
from ..chassis.settings import Settings
from ..peers.server import internal_router
from ..peers.tokens import Callers

Gather = Callable[[Connection], Awaitable[Any]]


class AuditSettings(Settings):
    """Whether the audit may look inside: for tests and for development only."""

    audit_enabled: bool = False


def routers(database: Database, gather: Gather, callers: Callers) -> list[APIRouter]:
    """Return the route of what `gather` finds in the database as of one moment, if the audit is enabled."""
    if not AuditSettings().audit_enabled:
        return []
    routes = internal_router(callers)

    @routes.get("/facts")
    async def read_facts() -> Response:
        async with database.snapshot() as connection:
            return reply(await gather(connection))

    return [routes]

"""What an audit wants to know of notifications."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from ..chassis.connections import Connection
from .tables import message

_MESSAGES = sa.select(message.c.order_id, message.c.about)


@dataclass(frozen=True, slots=True)
class NotificationFacts:
    """The types of the events that each order's user was told of."""

    told: dict[UUID, list[str]]


async def gather(connection: Connection) -> NotificationFacts:
    """Read the facts; `connection` should show one moment only."""
    told: dict[UUID, list[str]] = {}
    for row in await connection.execute(_MESSAGES):
        told.setdefault(row.order_id, []).append(row.about)
    return NotificationFacts(told)

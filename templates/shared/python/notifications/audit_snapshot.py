"""Audit snapshot of notifications."""

from uuid import UUID

import sqlalchemy as sa

from chassis.db.connections import Connection

from ..audit.snapshot import NotificationsSnapshot
from .tables import message

_MESSAGES = sa.select(message.c.order_id, message.c.about)


async def take_snapshot(connection: Connection) -> NotificationsSnapshot:
    """Take the snapshot; `connection` should see a single database snapshot."""
    told: dict[UUID, list[str]] = {}
    for row in await connection.execute(_MESSAGES):
        told.setdefault(row.order_id, []).append(row.about)
    return NotificationsSnapshot(told)

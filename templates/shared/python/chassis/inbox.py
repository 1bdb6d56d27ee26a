"""The inbox: an event that arrives twice is handled once."""

from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from .clock import now
from .columns import UtcDateTime


class Inbox:
    """What one consumer has handled; the table lies in the consumer's own schema."""

    def __init__(self, metadata: sa.MetaData, consumer: str) -> None:
        self.table = sa.Table(
            "inbox",
            metadata,
            sa.Column("consumer", sa.String(64), primary_key=True),
            sa.Column("event_id", sa.Uuid, primary_key=True),
            sa.Column("handled_at", UtcDateTime, nullable=False),
        )
        self._insert = sa.insert(self.table)
        self._consumer = consumer

    async def first_time(self, transaction: AsyncConnection, event_id: UUID) -> bool:
        """Record the event; return False if it had been recorded before.

        Call it in the transaction that handles the event, so that both happen or neither does.
        """
        row = {"consumer": self._consumer, "event_id": event_id, "handled_at": now()}
        try:
            async with transaction.begin_nested():
                await transaction.execute(self._insert, row)
        except IntegrityError:
            return False
        return True

"""The inbox: an event that arrives twice is handled once."""

from uuid import UUID

import sqlalchemy as sa

from .clock import now
from .columns import UtcDateTime
from .connections import Connection, prepared


class Inbox:
    """The events that one consumer has handled; the table belongs to the consumer's schema."""

    def __init__(self, metadata: sa.MetaData, consumer: str) -> None:
        self.table = sa.Table(
            "inbox",
            metadata,
            sa.Column("consumer", sa.String(64), primary_key=True),
            sa.Column("event_id", sa.Uuid, primary_key=True),
            sa.Column("handled_at", UtcDateTime, nullable=False),
        )
        self._insert = prepared(sa.insert(self.table))
        self._seen = prepared(
            sa.select(self.table.c.handled_at).where(
                self.table.c.consumer == sa.bindparam("consumer"),
                self.table.c.event_id == sa.bindparam("event_id", type_=sa.Uuid),
            )
        )
        self._consumer = consumer

    async def first_time(self, transaction: Connection, event_id: UUID) -> bool:
        """Record the event; return False if it was already recorded.

        Call it in the transaction that handles the event, so that both happen or neither does. If the same
        event is being handled concurrently, the primary key makes this transaction fail.
        """
        if (
            await transaction.scalar(self._seen, {"consumer": self._consumer, "event_id": event_id})
            is not None
        ):
            return False
        row = {"consumer": self._consumer, "event_id": event_id, "handled_at": now()}
        await transaction.execute(self._insert, row)
        return True

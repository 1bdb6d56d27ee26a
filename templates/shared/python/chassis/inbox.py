"""The inbox: an event that arrives twice is handled once."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from .clock import now
from .columns import UtcDateTime
from .connections import Connection, prepared
from .retention import delete_when, id_before


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
        delete_when(
            self.table,
            lambda keep: sa.and_(
                self.table.c.consumer == consumer, self.table.c.event_id < id_before(keep.keep_inbox_days)
            ),
        )
        self._insert = prepared(sa.insert(self.table))
        self._seen = sa.select(self.table.c.event_id).where(
            self.table.c.consumer == sa.bindparam("consumer"),
            self.table.c.event_id.in_(sa.bindparam("event_ids", expanding=True)),
        )
        self._consumer = consumer

    async def first_time(self, transaction: Connection, event_id: UUID) -> bool:
        """Record the event; return False if it was already recorded."""
        return bool(await self.add(transaction, [event_id]))

    async def add(self, transaction: Connection, event_ids: Collection[UUID]) -> set[UUID]:
        """Record the events; return those that were not recorded yet.

        Call it in the transaction that handles the events, so that both happen or neither does. If one of
        them is being handled concurrently, the primary key makes this transaction fail.
        """
        values = {"consumer": self._consumer, "event_ids": list(event_ids)}
        seen = {row.event_id for row in await transaction.execute(self._seen, values)}
        new = set(event_ids) - seen
        time = now()
        # Sorted, so that concurrent transactions with the same events do not deadlock.
        rows = [{"consumer": self._consumer, "event_id": each, "handled_at": time} for each in sorted(new)]
        if rows:
            await transaction.execute(self._insert, rows)
        return new

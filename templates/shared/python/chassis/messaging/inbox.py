"""The inbox: an event that arrives twice is handled once."""

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa

from ..clock import now
from ..db.columns import UtcDateTime
from ..db.connections import Connection, prepared
from ..db.lists import with_list
from ..db.retention import delete_when, id_before


class Inbox:
    """The events that one consumer has handled; the table belongs to the consumer's schema."""

    def __init__(self, metadata: sa.MetaData, consumer: str, table: str = "inbox") -> None:
        self.table = sa.Table(
            table,
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
        of_consumer = self.table.c.consumer == sa.bindparam("consumer")
        self._seen = with_list(
            self.table.c.event_id, lambda one_of: sa.select(self.table.c.event_id).where(of_consumer, one_of)
        )
        self._remove = prepared(
            sa.delete(self.table).where(of_consumer, self.table.c.event_id == sa.bindparam("removed_id"))
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
        statement, listed = self._seen(event_ids)
        rows = await transaction.execute(statement, {"consumer": self._consumer, **listed})
        seen = {row.event_id for row in rows}
        new = set(event_ids) - seen
        time = now()
        # Sorted, so that concurrent transactions with the same events do not deadlock.
        added = [{"consumer": self._consumer, "event_id": each, "handled_at": time} for each in sorted(new)]
        if added:
            await transaction.execute(self._insert, added)
        return new

    async def remove(self, transaction: Connection, event_ids: Collection[UUID]) -> None:
        """Remove events that this transaction has recorded, because they could not be handled."""
        removed = [{"consumer": self._consumer, "removed_id": each} for each in event_ids]
        if removed:
            await transaction.execute(self._remove, removed)

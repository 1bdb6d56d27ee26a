"""Blocked keys: while an event is in the retry topics, later events of its key wait behind it."""

from collections import defaultdict
from collections.abc import Collection
from hashlib import sha256

import sqlalchemy as sa

from ...db.connections import Connection
from ...db.lists import with_list

MAX_LENGTH = 100


class BlockedKeys:
    """Stores which events of a consumer group are in the retry topics.

    An event is identified by its topic and offset when it was first published. The table is in the consumer's
    own schema, next to the inbox.
    """

    def __init__(self, metadata: sa.MetaData, table: str = "held") -> None:
        self.table = sa.Table(
            table,
            metadata,
            sa.Column("consumer", sa.String(64), primary_key=True),
            sa.Column("topic", sa.String(100), primary_key=True),
            sa.Column("key", sa.String(MAX_LENGTH), primary_key=True),
            sa.Column("position", sa.BigInteger, primary_key=True, autoincrement=False),
        )
        of_consumer = self.table.c.consumer == sa.bindparam("consumer")
        event = (
            of_consumer,
            self.table.c.topic == sa.bindparam("topic"),
            self.table.c.key == sa.bindparam("key"),
            self.table.c.position == sa.bindparam("position"),
        )
        self._find = with_list(
            self.table.c.key,
            lambda one_of: sa.select(self.table.c.topic, self.table.c.key, self.table.c.position).where(
                of_consumer, one_of
            ),
        )
        self._is_there = sa.select(self.table.c.position).where(*event)
        self._add = sa.insert(self.table)
        self._remove = sa.delete(self.table).where(*event)

    async def find(
        self, connection: Connection, consumer: str, keys: Collection[str]
    ) -> dict[tuple[str, str], set[int]]:
        """Return the offsets of blocked events by topic and key."""
        stored = {_stored(key): key for key in keys}
        statement, listed = self._find(stored)
        blocked: dict[tuple[str, str], set[int]] = defaultdict(set)
        for row in await connection.execute(statement, {"consumer": consumer, **listed}):
            # A database may take a trailing space for none.
            if row.key in stored:
                blocked[row.topic, stored[row.key]].add(row.position)
        return blocked

    async def add(self, transaction: Connection, consumer: str, topic: str, key: str, position: int) -> None:
        """Mark the event as blocked; no effect if it already is."""
        row = {"consumer": consumer, "topic": topic, "key": _stored(key), "position": position}
        if await transaction.scalar(self._is_there, row) is None:
            await transaction.execute(self._add, row)

    async def remove(
        self, transaction: Connection, consumer: str, topic: str, key: str, position: int
    ) -> None:
        """Unblock the event."""
        values = {"consumer": consumer, "topic": topic, "key": _stored(key), "position": position}
        await transaction.execute(self._remove, values)


def _stored(key: str) -> str:
    """Return the key as the column can hold it; another program may have published any text."""
    return key if len(key) <= MAX_LENGTH and "\0" not in key else sha256(key.encode()).hexdigest()

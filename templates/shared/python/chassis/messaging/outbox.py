"""The transactional outbox: an event is stored in the same transaction as the change that it reports."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from ..clock import now
from ..db.columns import UtcDateTime
from ..db.connections import Connection, Rows
from ..db.database import after_commit
from ..db.inserts import insert_rows
from ..ids import new_id
from ..telemetry.traces import note_event, traceparent


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many events wait for delivery, how many are dead letters, and since when the oldest one waits."""

    waiting: int
    dead: int
    oldest: datetime | None = field(default=None, compare=False)


NewEvent = Mapping[str, Any]
"""An event that is not yet in the outbox."""


def new_event(type: str, key: str, data: Any, *, version: int = 1) -> NewEvent:
    """Return an event that belongs to the current trace; `data` is a dataclass or a struct."""
    time = now()
    note_event(type, key)
    return {
        "id": new_id(),
        "type": type,
        "version": version,
        "time": time,
        "key": key,
        "traceparent": traceparent(),
        "data": msgspec.json.encode(data),
        "attempts": 0,
        "due_at": time,
    }


class Outbox:
    """The outbox of one context; the table belongs to that context's schema."""

    def __init__(self, metadata: sa.MetaData, table: str = "outbox") -> None:
        self.table = sa.Table(
            table,
            metadata,
            sa.Column("position", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
            sa.Column("id", sa.Uuid, nullable=False, unique=True),
            sa.Column("type", sa.String(100), nullable=False),
            sa.Column("version", sa.Integer, nullable=False),
            sa.Column("time", UtcDateTime, nullable=False),
            sa.Column("key", sa.String(100), nullable=False),
            sa.Column("traceparent", sa.String(55)),
            sa.Column("data", sa.LargeBinary(65_535), nullable=False),
            sa.Column("attempts", sa.Integer, nullable=False, default=0),
            sa.Column("due_at", UtcDateTime, nullable=False),
            sa.Column("dead_at", UtcDateTime),
            sa.Index(None, "key", "position"),
        )
        alive = sa.case((self.table.c.dead_at.is_(None), self.table.c.time))
        self._count = sa.select(sa.func.count(), sa.func.min(alive), sa.func.count(self.table.c.dead_at))
        self._dead = (
            sa.select(self.table).where(self.table.c.dead_at.is_not(None)).order_by(self.table.c.position)
        )
        self._redrive = (
            self.table.update()
            .where(self.table.c.dead_at.is_not(None), self.table.c.id == sa.bindparam("event_id"))
            .values(dead_at=None, attempts=0)
        )
        self._listeners: list[Callable[[], None]] = []

    def on_commit(self, listener: Callable[[], None]) -> None:
        """Call `listener` after each commit in this process that added events."""
        self._listeners.append(listener)

    async def append(
        self, transaction: Connection, type: str, key: str, data: Any, *, version: int = 1
    ) -> None:
        """Add an event with the payload `data` (a dataclass); it is published if the transaction commits."""
        await self.append_all(transaction, [new_event(type, key, data, version=version)])

    async def append_all(
        self, transaction: Connection, events: Sequence[NewEvent], rows: Rows | None = None
    ) -> None:
        """Add events, in their order; they are published if the transaction commits.

        `rows`, by table, are inserted with them, which can save round trips.
        """
        if events:
            await insert_rows(transaction, {**(rows or {}), self.table: events})
            after_commit(transaction, self._listeners)

    async def backlog(self, connection: Connection) -> Backlog:
        """Count the events in the outbox."""
        stored, oldest, dead = (await connection.execute(self._count)).one()
        return Backlog(stored - dead, dead, oldest)

    async def dead(self, connection: Connection) -> list[sa.Row[Any]]:
        """Return the dead letters, oldest first."""
        return list(await connection.execute(self._dead))

    async def redrive(self, transaction: Connection, event_id: UUID) -> bool:
        """Schedule a dead letter for delivery; return False if there is no dead letter with that id."""
        result = await transaction.execute(self._redrive, {"event_id": event_id})
        return result.rowcount == 1

"""The transactional outbox: an event is stored in the transaction of the change that it tells of."""

from typing import Any

import msgspec
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from .clock import now
from .columns import UtcDateTime
from .ids import new_id


class Outbox:
    """The outbox of one context; its table lies in that context's schema."""

    def __init__(self, metadata: sa.MetaData) -> None:
        self.table = sa.Table(
            "outbox",
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
        self._insert = sa.insert(self.table)

    async def append(
        self, transaction: AsyncConnection, type: str, key: str, data: Any, *, version: int = 1
    ) -> None:
        """Add an event with the payload `data` (a dataclass); it goes out if the transaction commits."""
        time = now()
        await transaction.execute(
            self._insert,
            {
                "id": new_id(),
                "type": type,
                "version": version,
                "time": time,
                "key": key,
                "traceparent": None,
                "data": msgspec.json.encode(data),
                "attempts": 0,
                "due_at": time,
            },
        )

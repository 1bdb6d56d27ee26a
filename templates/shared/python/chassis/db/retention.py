"""Retention: rows that nobody needs after a while are deleted in the background."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from pydantic import Field

from ..clock import now
from ..ids import first_id_at
from ..settings import Settings
from .conflicts import retry_conflicts
from .database import Database

log = logging.getLogger(__name__)
BATCH = 1000
INTERVAL_SECONDS = 3600.0
# Ids have no times before 1970.
MAX_DAYS = 10_000


class RetentionSettings(Settings):
    """For how many days rows are kept.

    A request or an event that is repeated later counts as a new one, and an item that is still in the cart
    can be ordered again. Keep the inbox longer than the broker keeps events.
    """

    keep_idempotency_days: int = Field(default=30, ge=1, le=MAX_DAYS)
    keep_inbox_days: int = Field(default=30, ge=1, le=MAX_DAYS)
    keep_messages_days: int = Field(default=365, ge=1, le=MAX_DAYS)
    keep_ordered_cart_items_days: int = Field(default=30, ge=1, le=MAX_DAYS)


Expired = Callable[[RetentionSettings], sa.ColumnElement[bool]]


@dataclass(frozen=True, slots=True)
class Rule:
    """The condition under which the rows of a table may be deleted."""

    table: sa.Table
    expired: Expired


RULES: list[Rule] = []
"""The rules for the tables of this process."""


def delete_when(table: sa.Table, expired: Expired) -> None:
    """Add a rule."""
    RULES.append(Rule(table, expired))


def id_before(days: int) -> UUID:
    """Return an id above those that `new_id` returned more than `days` days ago, and below all later ones."""
    return first_id_at(now() - timedelta(days=days))


class Retention:
    """Deletes expired rows. Any number of processes can share the work."""

    def __init__(
        self, database: Database, settings: RetentionSettings, rules: Iterable[Rule] | None = None
    ) -> None:
        """`rules` are by default those of all tables of this process."""
        self._database = database
        self._settings = settings
        self._rules = RULES if rules is None else rules

    async def run(self) -> None:
        """Delete expired rows every hour until cancelled."""
        while True:
            try:
                await self.delete_expired()
            except Exception:
                log.exception("Deleting expired rows failed; trying again in an hour")
            await asyncio.sleep(INTERVAL_SECONDS)

    async def delete_expired(self) -> int:
        """Delete all rows that have expired, and return how many."""
        deleted = 0
        for rule in self._rules:
            while number := await self._delete_batch(rule):
                deleted += number
        return deleted

    @retry_conflicts
    async def _delete_batch(self, rule: Rule) -> int:
        # A short transaction for each batch, by primary key, so that nobody waits for it.
        keys = list(rule.table.primary_key.columns)
        expired = sa.select(*keys).where(rule.expired(self._settings)).order_by(*keys).limit(BATCH)
        async with self._database.transaction() as transaction:
            found = (await transaction.execute(expired.with_for_update(skip_locked=True))).all()
            if found:
                key = keys[0] if len(keys) == 1 else sa.tuple_(*keys)
                values = [row[0] if len(keys) == 1 else tuple(row) for row in found]
                await transaction.execute(sa.delete(rule.table).where(key.in_(values)))
        return len(found)

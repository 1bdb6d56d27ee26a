"""The outbox relay: delivers each stored event to its handlers, at least once and in order per key."""

import asyncio
import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
import sqlalchemy as sa

from ..clock import now
from ..db.connections import Connection, prepared
from ..db.database import Database
from ..db.lists import with_list
from ..tasks import finished
from .events import BatchHandler, Event
from .outbox import Outbox

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
HANDLER_TIMEOUT_SECONDS = 15
# Otherwise, what a relay has claimed when it stops waits for the end of the lease: orders, in each release.
FINISH_SECONDS = 2.0
BATCH = 100
MAX_ATTEMPTS = 8
POLL_SECONDS = 1.0
# Events that are stored close together share the statements that claim and delete them.
GATHER_SECONDS = 0.05
# Until an event is delivered again whose handler waits for somebody else. Others are delivered meanwhile.
WAIT = timedelta(seconds=5)
# Low, because requests need connections, too.
MAX_CONCURRENT = 4


class DeliveryUnavailable(Exception):
    """The receiver cannot be reached at present, whatever the event; this is not a failed attempt.

    If a relay raises it, all events of the batch wait; if a handler does, this event.
    """


class Relay:
    """Delivers the events of one outbox. Any number of relays, in any number of processes, can share it.

    A relay claims only the oldest pending event of each key, by moving its due time to the end of a lease.
    The next event of that key therefore waits, and an event claimed by a crashed relay falls due again.
    Delivered events are deleted. An event that fails `MAX_ATTEMPTS` times becomes a dead letter: it is kept
    and listed, can be retried by hand, and no longer holds up the later events of its key.
    """

    batch = BATCH
    # How long the first event waits for others, and the next one after a batch.
    gather_seconds = GATHER_SECONDS
    pause_seconds = GATHER_SECONDS

    def __init__(self, database: Database, outbox: Outbox, handlers: Sequence[BatchHandler]) -> None:
        """Each of `handlers` gets all events, and ignores those that are not meant for it."""
        self._database = database
        self._handlers = handlers
        self._wake = asyncio.Event()
        self._slots = asyncio.Semaphore(MAX_CONCURRENT)
        outbox.on_commit(self._wake.set)
        table = self._table = outbox.table
        older = table.alias("older")
        self._due = prepared(
            sa.select(table)
            .where(table.c.dead_at.is_(None), table.c.due_at <= sa.bindparam("now"))
            .where(
                ~sa.exists().where(
                    older.c.key == table.c.key,
                    older.c.position < table.c.position,
                    older.c.dead_at.is_(None),
                )
            )
            .order_by(table.c.position)
            .limit(self.batch)
            .with_for_update(skip_locked=True)
        )
        self._claim = with_list(
            table.c.position,
            lambda one_of: table.update().where(one_of).values(due_at=sa.bindparam("new_due_at")),
        )
        self._delete = with_list(table.c.position, lambda one_of: table.delete().where(one_of))
        self._postpone = table.update().where(table.c.position == sa.bindparam("failed_position"))

    async def run(self) -> None:
        """Deliver until cancelled, and finish a batch; if the database is unavailable, wait for it."""
        while True:
            try:
                self._wake.clear()
                delivered = await finished(self.deliver_due(), FINISH_SECONDS)
                if delivered:
                    # Then look again: later events of the same keys are due now.
                    await asyncio.sleep(0 if delivered == self.batch else self.pause_seconds)
                    continue
                await asyncio.wait_for(self._wake.wait(), POLL_SECONDS)
                await asyncio.sleep(self.gather_seconds)
            except TimeoutError:
                continue
            except Exception:
                log.exception("The relay of %s failed; retrying", self._table.fullname)
                await asyncio.sleep(POLL_SECONDS)

    async def deliver_due(self) -> int:
        """Deliver one batch and return how many events it had."""
        rows = await self._claim_due()
        if not rows:
            return 0
        try:
            outcomes = await self.deliver([_event(row) for row in rows])
        except DeliveryUnavailable as reason:
            log.warning("The relay of %s is waiting: %s", self._table.fullname, reason)
            await self._release(rows, timedelta(seconds=POLL_SECONDS))
            return 0
        done = [row.position for row, error in zip(rows, outcomes, strict=True) if error is None]
        if done:
            async with self._database.transaction() as transaction:
                await transaction.execute(*self._delete(done))
        waiting = []
        for row, error in zip(rows, outcomes, strict=True):
            if isinstance(error, DeliveryUnavailable):
                waiting.append(row)
            elif error is not None:
                await self._failed(row, error)
        if waiting:
            log.warning("%d events of %s are waiting for a handler", len(waiting), self._table.fullname)
            await self._release(waiting, WAIT)
        return len(rows)

    async def deliver(self, events: Sequence[Event]) -> Sequence[Exception | None]:
        """Deliver the events, which all have different keys; return an exception or None for each.

        A relay that delivers elsewhere overrides this method, which may raise `DeliveryUnavailable`.
        """
        errors = await asyncio.gather(*(self._handle(handle, events) for handle in self._handlers))
        return [next(filter(None, of_event), None) for of_event in zip(*errors, strict=True)]

    async def _claim_due(self) -> Sequence[sa.Row[Any]]:
        time = now()
        async with self._database.transaction() as transaction:
            rows = (await transaction.execute(self._due, {"now": time})).all()
            if rows:
                await self._set_due(transaction, rows, time + LEASE)
        return rows

    async def _release(self, rows: Sequence[sa.Row[Any]], pause: timedelta) -> None:
        async with self._database.transaction() as transaction:
            await self._set_due(transaction, rows, now() + pause)

    async def _set_due(self, transaction: Connection, rows: Sequence[sa.Row[Any]], time: datetime) -> None:
        statement, listed = self._claim([row.position for row in rows])
        await transaction.execute(statement, {"new_due_at": time, **listed})

    async def _handle(self, handle: BatchHandler, events: Sequence[Event]) -> Sequence[Exception | None]:
        """Handle the events in one call and, if that fails, each alone; return an error or None for each."""
        error = await self._attempt(handle, events)
        if error is None or len(events) == 1:
            return [error] * len(events)
        log.info("A batch of %d events failed; handling them one by one: %r", len(events), error)
        return await asyncio.gather(*(self._attempt(handle, [event]) for event in events))

    async def _attempt(self, handle: BatchHandler, events: Sequence[Event]) -> Exception | None:
        try:
            async with self._slots, asyncio.timeout(HANDLER_TIMEOUT_SECONDS):
                await handle(events)
        except Exception as error:
            return error
        return None

    async def _failed(self, row: sa.Row[Any], error: Exception) -> None:
        attempts = row.attempts + 1
        time = now()
        dead = attempts >= MAX_ATTEMPTS
        log.log(
            logging.ERROR if dead else logging.WARNING,
            "Event %s (%s) failed (attempt %d of %d)%s: %r",
            row.id, row.type, attempts, MAX_ATTEMPTS, "; it is now a dead letter" if dead else "", error,
        )  # fmt: skip
        change = {
            "attempts": attempts,
            "due_at": time + timedelta(seconds=2**attempts / 2),
            "dead_at": time if dead else None,
        }
        async with self._database.transaction() as transaction:
            await transaction.execute(self._postpone.values(change), {"failed_position": row.position})


def _event(row: sa.Row[Any]) -> Event:
    return Event(
        id=row.id,
        type=row.type,
        version=row.version,
        time=row.time,
        key=row.key,
        traceparent=row.traceparent,
        data=msgspec.Raw(row.data),
    )

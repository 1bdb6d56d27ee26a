"""Saga repository: stores, claims and ends sagas."""

import random
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import UUID

import sqlalchemy as sa

from chassis.batching import Batcher
from chassis.clock import now
from chassis.db.conflicts import retry_conflicts
from chassis.db.connections import Connection, prepared
from chassis.db.database import Database
from chassis.db.lists import with_list
from chassis.ids import new_id
from chassis.telemetry.traces import traceparent

from ..orders.domain import OrderRecord, OrderState, RejectionReason
from ..orders.repository import OrderRepository, ReportedOrder, reported
from .domain import Backlog, OverdueSaga, Saga, Stage, Timing
from .tables import saga as table

_MAX_ERROR_LENGTH = 500

_ADD = prepared(sa.insert(table))
_DUE = prepared(
    sa.select(table)
    .where(table.c.due_at <= sa.bindparam("now"))
    .order_by(table.c.due_at)
    .limit(sa.bindparam("limit"))
    .with_for_update(skip_locked=True)
)
_claim = with_list(
    table.c.order_id,
    lambda one_of: (
        sa.update(table)
        .where(one_of)
        .values(claim=sa.bindparam("new_claim"), due_at=sa.bindparam("new_due_at"))
    ),
)
_OWN_CLAIM = (table.c.order_id == sa.bindparam("own_order_id"), table.c.claim == sa.bindparam("own_claim"))
_lock = with_list(
    table.c.order_id,
    lambda one_of: (
        sa.select(table.c.order_id, table.c.claim).where(one_of).order_by(table.c.order_id).with_for_update()
    ),
)
_DECIDE = prepared(
    sa.update(table)
    .where(*_OWN_CLAIM)
    .values(stage=sa.bindparam("new_stage"), reason=sa.bindparam("new_reason"))
)
_POSTPONE = (
    sa.update(table)
    .where(*_OWN_CLAIM)
    .values(
        attempts=sa.bindparam("new_attempts"),
        obstacle=sa.bindparam("last_error"),
        due_at=sa.bindparam("new_due_at"),
    )
)
_RELEASE_LEASE = sa.update(table).where(*_OWN_CLAIM).values(due_at=sa.bindparam("new_due_at"))
_delete = with_list(table.c.order_id, lambda one_of: sa.delete(table).where(one_of))
_COUNT_OPEN = sa.select(
    sa.func.count(), sa.func.count(sa.case((table.c.deadline < sa.bindparam("now"), 1)))
).select_from(table)
_OVERDUE = sa.select(table).where(table.c.deadline < sa.bindparam("now")).order_by(table.c.deadline)


class LeaseLost(Exception):
    """The lease expired and another worker claimed the saga; this worker may not change it any longer."""


class _End(NamedTuple):
    """A saga that ends, and its order in the final state."""

    saga: Saga
    order: ReportedOrder


class SagaRepository:
    """Open sagas. An ended saga is deleted; the order and its events record the outcome.

    Every change checks the claim in the same statement, or after it has locked the saga, so a worker that was
    suspended for longer than its lease cannot decide anything. Concurrent sagas share the transactions of
    their decisions.
    """

    def __init__(self, database: Database, orders: OrderRepository, timing: Timing) -> None:
        self._database = database
        self._orders = orders
        self.timing = timing
        self._deciding = Batcher(self._decide_all)
        self._ending = Batcher(self._end_all)

    def new(self, record: OrderRecord, stage: Stage) -> Saga:
        """Return a saga for the order, claimed by the caller."""
        deadline = now() + self.timing.timeout
        return Saga(
            record.order.id,
            record.user_id,
            stage,
            None,
            deadline,
            attempts=0,
            claim=new_id(),
            traceparent=traceparent(),
        )

    async def add(self, transaction: Connection, sagas: Sequence[Saga], claimed: Collection[UUID]) -> None:
        """Insert sagas: those of the orders in `claimed` for the caller, the others due immediately.

        Raise sqlalchemy's `IntegrityError` if an order already has one.
        """
        time = now()
        rows = [
            {
                "order_id": saga.order_id,
                "user_id": saga.user_id,
                "stage": saga.stage,
                "reason": saga.reason,
                "deadline": saga.deadline,
                "attempts": saga.attempts,
                "obstacle": None,
                "claim": saga.claim,
                "due_at": time + self.timing.lease if saga.order_id in claimed else time,
                "traceparent": saga.traceparent,
            }
            for saga in sagas
        ]
        await transaction.execute(_ADD, rows)

    @retry_conflicts
    async def claim_due(self, limit: int) -> list[Saga]:
        """Claim up to `limit` due sagas that no worker has claimed, longest overdue first."""
        time, claim = now(), new_id()
        async with self._database.transaction() as transaction:
            rows = (await transaction.execute(_DUE, {"now": time, "limit": limit})).all()
            if rows:
                statement, listed = _claim([row.order_id for row in rows])
                values = {"new_claim": claim, "new_due_at": time + self.timing.lease}
                await transaction.execute(statement, {**values, **listed})
        return [_claimed(row, claim) for row in rows]

    async def transition(self, saga: Saga, stage: Stage, reason: RejectionReason | None = None) -> Saga:
        """Store a decision before acting on it; raise `LeaseLost`."""
        decided = replace(saga, stage=stage, reason=reason)
        if not await self._deciding.call(decided):
            raise LeaseLost
        return decided

    async def end(
        self, saga: Saga, record: OrderRecord, state: OrderState, reason: RejectionReason | None = None
    ) -> None:
        """Change the order to `state` and delete the saga, both or neither; raise `LeaseLost`."""
        if not await self._ending.call(_End(saga, reported(record.with_state(state, reason)))):
            raise LeaseLost

    async def postpone(self, saga: Saga, error: Exception) -> float:
        """Record a failed run and make the saga due after a pause; return the pause in seconds.

        The pause is random, so that sagas that failed together are not retried together. Raise `LeaseLost`.
        """
        longest = min(self.timing.max_pause, self.timing.initial_pause * 2 ** min(saga.attempts, 30))
        pause = random.uniform(0, longest)  # noqa: S311 - not for secrets
        values = {
            "new_attempts": saga.attempts + 1,
            "last_error": repr(error)[:_MAX_ERROR_LENGTH],
            "new_due_at": now() + timedelta(seconds=pause),
        }
        await self._update_claimed(saga, _POSTPONE, values)
        return pause

    async def release_lease(self, saga: Saga) -> None:
        """Make the saga due immediately, for any worker; raise `LeaseLost`."""
        await self._update_claimed(saga, _RELEASE_LEASE, {"new_due_at": now()})

    async def order_record(self, saga: Saga) -> OrderRecord:
        """Return the order of the saga."""
        found = await self._orders.find(saga.user_id, saga.order_id)
        assert found is not None
        return found

    async def backlog(self, connection: Connection) -> Backlog:
        """Count the open and the overdue sagas."""
        return Backlog(*(await connection.execute(_COUNT_OPEN, {"now": now()})).one())

    @staticmethod
    async def overdue(connection: Connection) -> list[OverdueSaga]:
        """Return the sagas past their deadline, oldest first."""
        rows = await connection.execute(_OVERDUE, {"now": now()})
        return [
            OverdueSaga(row.order_id, Stage(row.stage), row.deadline, row.attempts, row.obstacle)
            for row in rows
        ]

    @retry_conflicts
    async def _decide_all(self, decided: Sequence[Saga]) -> list[bool]:
        """Store decisions; return for each saga whether it is still claimed by this worker."""
        async with self._database.transaction() as transaction:
            claimed = await _lock_claimed(transaction, decided)
            changes = [
                {"new_stage": saga.stage, "new_reason": saga.reason, **_key(saga)}
                for saga, own in zip(decided, claimed, strict=True)
                if own
            ]
            if changes:
                await transaction.execute(_DECIDE, changes)
        return claimed

    @retry_conflicts
    async def _end_all(self, ends: Sequence[_End]) -> list[bool]:
        """End sagas; return for each whether it was still claimed by this worker."""
        async with self._database.transaction() as transaction:
            claimed = await _lock_claimed(transaction, [end.saga for end in ends])
            ended = [end for end, own in zip(ends, claimed, strict=True) if own]
            if ended:
                await transaction.execute(*_delete([end.saga.order_id for end in ended]))
                # No effect on an order in this state already: it was cancelled twice in succession.
                await self._orders.change_states(transaction, [end.order for end in ended])
        return claimed

    async def _update_claimed(self, saga: Saga, statement: sa.Update, values: dict[str, Any]) -> None:
        async with self._database.transaction() as transaction:
            if not (await transaction.execute(statement, values | _key(saga))).rowcount:
                raise LeaseLost


def _key(saga: Saga) -> dict[str, Any]:
    return {"own_order_id": saga.order_id, "own_claim": saga.claim}


async def _lock_claimed(transaction: Connection, sagas: Sequence[Saga]) -> list[bool]:
    """Lock the sagas; return for each whether it is still claimed by this worker."""
    rows = await transaction.execute(*_lock([saga.order_id for saga in sagas]))
    claims = {row.order_id: row.claim for row in rows}
    return [claims.get(saga.order_id) == saga.claim for saga in sagas]


def _claimed(row: sa.Row[Any], claim: UUID) -> Saga:
    return Saga(
        row.order_id,
        row.user_id,
        Stage(row.stage),
        RejectionReason(row.reason) if row.reason else None,
        row.deadline,
        row.attempts,
        claim,
        row.traceparent,
    )

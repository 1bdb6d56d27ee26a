"""How sagas are kept, claimed and ended."""

import random
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from ..chassis.clock import now
from ..chassis.conflicts import retry_conflicts
from ..chassis.connections import Connection
from ..chassis.database import Database
from ..chassis.ids import new_id
from ..orders.book import OrderBook
from ..orders.domain import Purchase, Reason, State
from .domain import Backlog, Overdue, Saga, Stage, Timing
from .tables import saga as table

_LONGEST_OBSTACLE = 500

_ADD = sa.insert(table)
_DUE = (
    sa.select(table)
    .where(table.c.due_at <= sa.bindparam("now"))
    .order_by(table.c.due_at)
    .limit(sa.bindparam("rows"))
    .with_for_update(skip_locked=True)
)
_CLAIM = (
    sa.update(table)
    .where(table.c.order_id.in_(sa.bindparam("orders", expanding=True)))
    .values(claim=sa.bindparam("new"), due_at=sa.bindparam("lease_end"))
)
_MINE = (table.c.order_id == sa.bindparam("of"), table.c.claim == sa.bindparam("held"))
_TURN = sa.update(table).where(*_MINE).values(stage=sa.bindparam("to"), reason=sa.bindparam("because"))
_POSTPONE = (
    sa.update(table)
    .where(*_MINE)
    .values(attempts=sa.bindparam("failed"), obstacle=sa.bindparam("error"), due_at=sa.bindparam("at"))
)
_GIVE_BACK = sa.update(table).where(*_MINE).values(due_at=sa.bindparam("at"))
_END = sa.delete(table).where(*_MINE)
_COUNT = sa.select(
    sa.func.count(), sa.func.count(sa.case((table.c.deadline < sa.bindparam("now"), 1)))
).select_from(table)
_OVERDUE = sa.select(table).where(table.c.deadline < sa.bindparam("now")).order_by(table.c.deadline)
_OPEN = sa.select(table.c.order_id)


class Overtaken(Exception):
    """The lease ran out and somebody else has claimed the saga: what we have to say of it comes too late."""


class Sagas:
    """All sagas that are open. An ended one is deleted: what came of it, the order and its events tell.

    What changes a saga also checks its claim, in the same statement. So a worker that was held up for longer
    than its lease cannot decide anything any more.
    """

    def __init__(self, database: Database, book: OrderBook, timing: Timing | None = None) -> None:
        self._database = database
        self._book = book
        self.timing = timing or Timing()

    async def open(self, transaction: Connection, purchase: Purchase, stage: Stage, *, claimed: bool) -> Saga:
        """Add a saga: the caller's own if `claimed`, else due at once for everybody.

        Raise sqlalchemy's `IntegrityError` if there is one of this order.
        """
        time = now()
        opened = Saga(
            purchase.order.id,
            purchase.user_id,
            stage,
            None,
            time + self.timing.patience,
            attempts=0,
            claim=new_id(),
        )
        values = {
            "order_id": opened.order_id,
            "user_id": opened.user_id,
            "stage": opened.stage,
            "reason": opened.reason,
            "deadline": opened.deadline,
            "attempts": opened.attempts,
            "obstacle": None,
            "claim": opened.claim,
            "due_at": time + self.timing.lease if claimed else time,
        }
        await transaction.execute(_ADD, values)
        return opened

    @retry_conflicts
    async def claim_due(self, limit: int) -> list[Saga]:
        """Claim up to `limit` sagas that nobody is at, those first that wait longest."""
        time, claim = now(), new_id()
        async with self._database.transaction() as transaction:
            rows = (await transaction.execute(_DUE, {"now": time, "rows": limit})).all()
            if rows:
                orders = [row.order_id for row in rows]
                values = {"orders": orders, "new": claim, "lease_end": time + self.timing.lease}
                await transaction.execute(_CLAIM, values)
        return [_claimed(row, claim) for row in rows]

    @retry_conflicts
    async def turn(self, saga: Saga, stage: Stage, reason: Reason | None = None) -> Saga:
        """Store a decision, before anything is done about it; raise `Overtaken`."""
        await self._change(saga, _TURN, {"to": stage, "because": reason})
        return replace(saga, stage=stage, reason=reason)

    @retry_conflicts
    async def end(self, saga: Saga, purchase: Purchase, state: State, reason: Reason | None = None) -> None:
        """Bring the order into its `state` and delete the saga, both or neither; raise `Overtaken`."""
        async with self._database.transaction() as transaction:
            await _guarded(transaction, _END, _key(saga))
            # An order that is in this state already was cancelled twice, one after the other.
            await self._book.move(transaction, purchase, state, reason)

    async def postpone(self, saga: Saga, error: Exception) -> float:
        """Let the saga be claimed again after a pause; return its length in seconds. Raise `Overtaken`.

        The pause is random, so that those who failed together do not come back together.
        """
        longest = min(self.timing.longest_pause, self.timing.first_pause * 2 ** min(saga.attempts, 30))
        pause = random.uniform(0, longest)  # noqa: S311 - not for secrets
        values = {
            "failed": saga.attempts + 1,
            "error": repr(error)[:_LONGEST_OBSTACLE],
            "at": now() + timedelta(seconds=pause),
        }
        await self._change(saga, _POSTPONE, values)
        return pause

    async def give_back(self, saga: Saga) -> None:
        """Let the saga be claimed by others at once; raise `Overtaken`."""
        await self._change(saga, _GIVE_BACK, {"at": now()})

    async def purchase(self, saga: Saga) -> Purchase:
        """Return the order that it is about."""
        found = await self._book.find(saga.user_id, saga.order_id)
        assert found is not None
        return found

    async def backlog(self, connection: Connection) -> Backlog:
        """Count what is open."""
        return Backlog(*(await connection.execute(_COUNT, {"now": now()})).one())

    async def overdue(self, connection: Connection) -> list[Overdue]:
        """Return the sagas beyond their deadline, the oldest first."""
        rows = await connection.execute(_OVERDUE, {"now": now()})
        return [
            Overdue(row.order_id, Stage(row.stage), row.deadline, row.attempts, row.obstacle) for row in rows
        ]

    async def moving(self, connection: Connection) -> Collection[UUID]:
        """Return the orders that are on their way."""
        return {row.order_id for row in await connection.execute(_OPEN)}

    async def _change(self, saga: Saga, statement: sa.Update, values: dict[str, Any]) -> None:
        async with self._database.transaction() as transaction:
            await _guarded(transaction, statement, values | _key(saga))


def _key(saga: Saga) -> dict[str, Any]:
    return {"of": saga.order_id, "held": saga.claim}


async def _guarded(transaction: Connection, statement: sa.Executable, values: dict[str, Any]) -> None:
    if not (await transaction.execute(statement, values)).rowcount:
        raise Overtaken


def _claimed(row: sa.Row[Any], claim: UUID) -> Saga:
    return Saga(
        row.order_id,
        row.user_id,
        Stage(row.stage),
        Reason(row.reason) if row.reason else None,
        row.deadline,
        row.attempts,
        claim,
    )

"""How orders are kept: written by whoever places them, read by their owners."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from ..chassis.connections import Connection
from ..chassis.database import Database
from ..chassis.money import Money
from ..chassis.problems import Invalid
from .domain import Answer, Line, Order, Purchase, Reason, Request, State
from .tables import idempotency, order, order_line, outbox

EVENTS = {
    State.PENDING: "OrderPlaced",
    State.CONFIRMED: "OrderConfirmed",
    State.REJECTED: "OrderRejected",
    State.CANCELLED: "OrderCancelled",
}
_BEFORE = {
    State.CONFIRMED: State.PENDING,
    State.REJECTED: State.PENDING,
    State.CANCELLED: State.CONFIRMED,
}

_ADD = sa.insert(order)
_ADD_LINES = sa.insert(order_line)
_ADD_ANSWER = sa.insert(idempotency)
_MOVE = (
    sa.update(order)
    .where(order.c.id == sa.bindparam("of"), order.c.state == sa.bindparam("before"))
    .values(state=sa.bindparam("to"), reason=sa.bindparam("because"), updated_at=sa.bindparam("at"))
)
_ANSWER = sa.select(idempotency.c.fingerprint, idempotency.c.order_id, idempotency.c.body).where(
    idempotency.c.user_id == sa.bindparam("user"), idempotency.c.key == sa.bindparam("request_key")
)
_LINE_COLUMNS = (order_line.c.sku, order_line.c.quantity, order_line.c.unit_price)
_ONE = (
    sa.select(order, *_LINE_COLUMNS)
    .join_from(order, order_line)
    .where(order.c.id == sa.bindparam("of"), order.c.user_id == sa.bindparam("user"))
    .order_by(order_line.c.position)
)
_page = (
    sa.select(order)
    .where(order.c.user_id == sa.bindparam("user"), order.c.id < sa.bindparam("before"))
    .order_by(order.c.id.desc())
    .limit(sa.bindparam("rows"))
    .subquery("page")
)
_PAGE = (
    sa.select(_page, *_LINE_COLUMNS)
    .join_from(_page, order_line, order_line.c.order_id == _page.c.id)
    .order_by(_page.c.id.desc(), order_line.c.position)
)


class OrderBook:
    """All orders, their events, and the answers to the requests that made them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, transaction: Connection, purchase: Purchase, request: Request) -> None:
        """Store a new order, in whatever state, its event, and the answer to the request.

        Raise sqlalchemy's `IntegrityError` if the request had been answered before.
        """
        added = purchase.order
        await transaction.execute(_ADD, _order_row(purchase))
        await transaction.execute(_ADD_LINES, _line_rows(added))
        await transaction.execute(
            _ADD_ANSWER,
            {
                "user_id": request.user_id,
                "key": request.key,
                "fingerprint": request.fingerprint,
                "order_id": added.id,
                "body": msgspec.json.encode(added),
            },
        )
        await _tell(transaction, purchase)

    async def move(
        self, transaction: Connection, purchase: Purchase, state: State, reason: Reason | None = None
    ) -> Purchase | None:
        """Bring the order into `state` and tell of it; None if it is not in the state that comes before."""
        moved = purchase.moved(state, reason)
        values = {
            "of": moved.order.id,
            "before": _BEFORE[state],
            "to": state,
            "because": reason,
            "at": moved.order.updated_at,
        }
        if not (await transaction.execute(_MOVE, values)).rowcount:
            return None
        await _tell(transaction, moved)
        return moved

    async def answer(self, request: Request) -> Answer | None:
        """Return what the request was answered, if it was; raise `Invalid` for another one with its key."""
        async with self._database.reading() as connection:
            values = {"user": request.user_id, "request_key": request.key}
            row = (await connection.execute(_ANSWER, values)).one_or_none()
        if row is None:
            return None
        if row.fingerprint != request.fingerprint:
            raise Invalid("idempotency-key-reused", "This key was used for another request.")
        return Answer(row.order_id, row.body, replayed=True)

    async def find(self, user_id: UUID, order_id: UUID) -> Purchase | None:
        """Return the user's order of that id."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(_ONE, {"of": order_id, "user": user_id})).all()
        return _purchase(rows) if rows else None

    async def newest(self, user_id: UUID, before: UUID, limit: int) -> list[Order]:
        """Return up to `limit` orders of the user with an id below `before`, the newest first."""
        values = {"user": user_id, "before": before, "rows": limit}
        async with self._database.reading() as connection:
            rows = (await connection.execute(_PAGE, values)).all()
        return [_purchase(list(same)).order for _, same in groupby(rows, lambda row: row.id)]


async def _tell(transaction: Connection, purchase: Purchase) -> None:
    await outbox.append(transaction, EVENTS[purchase.order.state], str(purchase.order.id), purchase)


def _order_row(purchase: Purchase) -> dict[str, Any]:
    added = purchase.order
    return {
        "id": added.id,
        "user_id": purchase.user_id,
        "from_cart": purchase.from_cart,
        "state": added.state,
        "reason": added.reason,
        "total": added.total.amount,
        "currency": added.total.currency,
        "created_at": added.created_at,
        "updated_at": added.updated_at,
    }


def _line_rows(added: Order) -> list[dict[str, Any]]:
    return [
        {
            "order_id": added.id,
            "position": position,
            "sku": line.sku,
            "quantity": line.quantity,
            "unit_price": line.unit_price.amount,
        }
        for position, line in enumerate(added.items)
    ]


def _purchase(rows: Iterable[sa.Row[Any]]) -> Purchase:
    rows = list(rows)
    first = rows[0]
    lines = [Line(row.sku, row.quantity, Money(row.unit_price, first.currency)) for row in rows]
    found = Order(
        first.id,
        State(first.state),
        Reason(first.reason) if first.reason else None,
        lines,
        Money(first.total, first.currency),
        first.created_at,
        first.updated_at,
    )
    return Purchase(first.user_id, first.from_cart, found)

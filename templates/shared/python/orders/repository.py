"""Order repository: orders, their events, and the responses to order requests."""

from collections.abc import Iterable
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from ..chassis.connections import Connection, prepared
from ..chassis.database import Database
from ..chassis.money import Money
from ..chassis.problems import Invalid
from .domain import Line, Order, OrderRecord, OrderRequest, OrderResponse, OrderState, RejectionReason
from .tables import idempotency, order, order_line, outbox

EVENTS = {
    OrderState.PENDING: "OrderPlaced",
    OrderState.CONFIRMED: "OrderConfirmed",
    OrderState.REJECTED: "OrderRejected",
    OrderState.CANCELLED: "OrderCancelled",
}
_PREVIOUS_STATE = {
    OrderState.CONFIRMED: OrderState.PENDING,
    OrderState.REJECTED: OrderState.PENDING,
    OrderState.CANCELLED: OrderState.CONFIRMED,
}

_ADD = prepared(sa.insert(order))
_ADD_LINES = prepared(sa.insert(order_line))
_ADD_RESPONSE = prepared(sa.insert(idempotency))
_CHANGE_STATE = prepared(
    sa.update(order)
    .where(order.c.id == sa.bindparam("order_id"), order.c.state == sa.bindparam("previous_state"))
    .values(
        state=sa.bindparam("new_state"),
        reason=sa.bindparam("new_reason"),
        updated_at=sa.bindparam("new_updated_at"),
    )
)
_RESPONSE = prepared(
    sa.select(idempotency.c.fingerprint, idempotency.c.order_id, idempotency.c.body).where(
        idempotency.c.user_id == sa.bindparam("user_id"), idempotency.c.key == sa.bindparam("key")
    )
)
_LINE_COLUMNS = (order_line.c.sku, order_line.c.quantity, order_line.c.unit_price)
_FIND = (
    sa.select(order, *_LINE_COLUMNS)
    .join_from(order, order_line)
    .where(order.c.id == sa.bindparam("order_id"), order.c.user_id == sa.bindparam("user_id"))
    .order_by(order_line.c.position)
)
_page = (
    sa.select(order)
    .where(order.c.user_id == sa.bindparam("user_id"), order.c.id < sa.bindparam("before_id"))
    .order_by(order.c.id.desc())
    .limit(sa.bindparam("limit"))
    .subquery("page")
)
_PAGE = (
    sa.select(_page, *_LINE_COLUMNS)
    .join_from(_page, order_line, order_line.c.order_id == _page.c.id)
    .order_by(_page.c.id.desc(), order_line.c.position)
)


class OrderRepository:
    """All orders, their events, and the responses to the requests that placed them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, transaction: Connection, record: OrderRecord, request: OrderRequest) -> None:
        """Store a new order, in any state, with its event and the response to the request.

        Raises SQLAlchemy's `IntegrityError` if the request was already answered.
        """
        added = record.order
        await transaction.execute(_ADD, _order_row(record))
        await transaction.execute(_ADD_LINES, _line_rows(added))
        await transaction.execute(
            _ADD_RESPONSE,
            {
                "user_id": request.user_id,
                "key": request.key,
                "fingerprint": request.fingerprint,
                "order_id": added.id,
                "body": msgspec.json.encode(added),
            },
        )
        await _append_event(transaction, record)

    async def change_state(
        self,
        transaction: Connection,
        record: OrderRecord,
        state: OrderState,
        reason: RejectionReason | None = None,
    ) -> OrderRecord | None:
        """Change the order's state and append the event; None if it is not in the preceding state."""
        changed = record.with_state(state, reason)
        values = {
            "order_id": changed.order.id,
            "previous_state": _PREVIOUS_STATE[state],
            "new_state": state,
            "new_reason": reason,
            "new_updated_at": changed.order.updated_at,
        }
        if not (await transaction.execute(_CHANGE_STATE, values)).rowcount:
            return None
        await _append_event(transaction, changed)
        return changed

    async def response(self, request: OrderRequest) -> OrderResponse | None:
        """Return the stored response, if any; raise `Invalid` if the key was used for another request."""
        async with self._database.reading() as connection:
            values = {"user_id": request.user_id, "key": request.key}
            row = (await connection.execute(_RESPONSE, values)).one_or_none()
        if row is None:
            return None
        if row.fingerprint != request.fingerprint:
            raise Invalid("idempotency-key-reused", "This key was already used for another request.")
        return OrderResponse(row.order_id, row.body, replayed=True)

    async def find(self, user_id: UUID, order_id: UUID) -> OrderRecord | None:
        """Return the user's order with that id, if it exists."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(_FIND, {"order_id": order_id, "user_id": user_id})).all()
        return _record(rows) if rows else None

    async def newest(self, user_id: UUID, before: UUID, limit: int) -> list[Order]:
        """Return up to `limit` of the user's orders with an id below `before`, newest first."""
        values = {"user_id": user_id, "before_id": before, "limit": limit}
        async with self._database.reading() as connection:
            rows = (await connection.execute(_PAGE, values)).all()
        return [_record(list(same)).order for _, same in groupby(rows, lambda row: row.id)]


async def _append_event(transaction: Connection, record: OrderRecord) -> None:
    await outbox.append(transaction, EVENTS[record.order.state], str(record.order.id), record)


def _order_row(record: OrderRecord) -> dict[str, Any]:
    added = record.order
    return {
        "id": added.id,
        "user_id": record.user_id,
        "from_cart": record.from_cart,
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


def _record(rows: Iterable[sa.Row[Any]]) -> OrderRecord:
    rows = list(rows)
    first = rows[0]
    lines = [Line(row.sku, row.quantity, Money(row.unit_price, first.currency)) for row in rows]
    found = Order(
        first.id,
        OrderState(first.state),
        RejectionReason(first.reason) if first.reason else None,
        lines,
        Money(first.total, first.currency),
        first.created_at,
        first.updated_at,
    )
    return OrderRecord(first.user_id, first.from_cart, found)

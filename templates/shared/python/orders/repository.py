"""Order repository: orders, their events, and the responses to order requests."""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import Any
from uuid import UUID
from weakref import WeakValueDictionary

import msgspec
import sqlalchemy as sa

from chassis.db.connections import Connection, Rows, prepared
from chassis.db.currency import refuse_other_currency
from chassis.db.database import Database, after_commit
from chassis.db.lists import with_list
from chassis.http.problems import Invalid
from chassis.ids import first_id_at
from chassis.messaging.outbox import NewEvent, new_event
from chassis.money import Money
from chassis.telemetry.counters import counter

from .domain import (
    Line,
    Order,
    OrderDetails,
    OrderFilter,
    OrderRecord,
    OrderRequest,
    OrderResponse,
    OrderState,
    OwnedOrder,
    RejectionReason,
    order_details,
)
from .tables import idempotency, order, order_line, ordered_cart_item, outbox

EVENTS = {
    OrderState.PENDING: "OrderPlaced",
    OrderState.CONFIRMED: "OrderConfirmed",
    OrderState.REJECTED: "OrderRejected",
    OrderState.CANCELLED: "OrderCancelled",
}
ORDERS = counter("orders", "Orders that reached a state, by the reason for it.", ("state", "reason"))
_PREVIOUS_STATE = {
    OrderState.CONFIRMED: OrderState.PENDING,
    OrderState.REJECTED: OrderState.PENDING,
    OrderState.CANCELLED: OrderState.CONFIRMED,
}

_REMOVE_CART_ITEMS = sa.delete(ordered_cart_item).where(
    ordered_cart_item.c.user_id == sa.bindparam("owner_id"),
    ordered_cart_item.c.sku.in_(sa.bindparam("skus", expanding=True)),
    ordered_cart_item.c.order_id == sa.bindparam("rejected_id"),
)
_CART_ITEMS = sa.select(ordered_cart_item.c.sku, ordered_cart_item.c.revision).where(
    ordered_cart_item.c.user_id == sa.bindparam("owner_id"),
    ordered_cart_item.c.sku.in_(sa.bindparam("skus", expanding=True)),
)
_CHANGE_STATE = prepared(
    sa.update(order)
    .where(order.c.id == sa.bindparam("order_id"), order.c.state == sa.bindparam("previous_state"))
    .ordered_values(
        # First: a database may compute a value from those that it has set already.
        (
            order.c.confirmed_at,
            sa.case((order.c.state == OrderState.CONFIRMED, order.c.updated_at), else_=order.c.confirmed_at),
        ),
        (order.c.state, sa.bindparam("new_state")),
        (order.c.reason, sa.bindparam("new_reason")),
        (order.c.updated_at, sa.bindparam("new_updated_at")),
    )
)
_RESPONSE = prepared(
    sa.select(idempotency.c.fingerprint, idempotency.c.order_id, idempotency.c.body).where(
        idempotency.c.user_id == sa.bindparam("user_id"), idempotency.c.key == sa.bindparam("key")
    )
)
_NEWEST_CURRENCY = sa.select(order.c.currency).order_by(order.c.id.desc()).limit(1)
_LINE_COLUMNS = (order_line.c.sku, order_line.c.quantity, order_line.c.unit_price)
_find = with_list(
    order.c.id,
    lambda one_of: (
        sa.select(order, *_LINE_COLUMNS, ordered_cart_item.c.revision)
        .join_from(order, order_line)
        .outerjoin(
            ordered_cart_item,
            sa.and_(
                ordered_cart_item.c.user_id == order.c.user_id,
                ordered_cart_item.c.sku == order_line.c.sku,
                ordered_cart_item.c.order_id == order.c.id,
            ),
        )
        .where(one_of)
        .order_by(order.c.id, order_line.c.position)
    ),
)
_lock = with_list(
    order.c.id,
    # `total` is in no index: a database could read the others from one, and lock in its order.
    lambda one_of: (
        sa.select(order.c.id, order.c.state, order.c.total)
        .where(one_of)
        .order_by(order.c.id)
        .with_for_update()
    ),
)


def _page_of(*conditions: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Return the statement for a page of the orders that meet the conditions, newest first."""
    page = (
        sa.select(order)
        .where(*conditions, order.c.id < sa.bindparam("before_id"))
        .order_by(order.c.id.desc())
        .limit(sa.bindparam("limit"))
        .subquery("page")
    )
    return (
        sa.select(page, *_LINE_COLUMNS)
        .join_from(page, order_line, order_line.c.order_id == page.c.id)
        .order_by(page.c.id.desc(), order_line.c.position)
    )


_PAGE = _page_of(order.c.user_id == sa.bindparam("user_id"))
_ANY = (
    sa.select(order, *_LINE_COLUMNS)
    .join_from(order, order_line)
    .where(order.c.id == sa.bindparam("order_id"))
    .order_by(order_line.c.position)
)


@dataclass(frozen=True, slots=True)
class ReportedOrder:
    """An order, and the event that reports its state."""

    record: OrderRecord
    event: NewEvent


def reported(record: OrderRecord) -> ReportedOrder:
    """Return the order with an event that belongs to the current trace."""
    return ReportedOrder(record, new_event(EVENTS[record.order.state], str(record.order.id), record))


class OrderRepository:
    """All orders, their events, and the responses to the requests that placed them."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._changes: WeakValueDictionary[UUID, asyncio.Event] = WeakValueDictionary()

    async def add(self, transaction: Connection, record: OrderRecord, request: OrderRequest) -> None:
        """Store a new order, in any state, with its event and the response to the request.

        Raises SQLAlchemy's `IntegrityError` if the request was already answered, or a cart item was already
        ordered.
        """
        await self.add_all(transaction, [(reported(record), request)])

    async def add_all(
        self, transaction: Connection, orders: Sequence[tuple[ReportedOrder, OrderRequest]]
    ) -> None:
        """Store new orders like `add`; the error does not tell which of them caused it."""
        records = [each.record for each, _ in orders]
        rows = {
            order: [_order_row(record) for record in records],
            order_line: [row for record in records for row in _line_rows(record.order)],
            idempotency: [_response_row(each.record.order, request) for each, request in orders],
            ordered_cart_item: [row for record in records for row in _cart_item_rows(record)],
        }
        await _append_events(transaction, [each for each, _ in orders], rows)

    async def change_state(
        self,
        transaction: Connection,
        record: OrderRecord,
        state: OrderState,
        reason: RejectionReason | None = None,
    ) -> OrderRecord | None:
        """Change the order's state and append the event; None if it is not in the preceding state."""
        changed = reported(record.with_state(state, reason))
        return changed.record if await self.change_states(transaction, [changed]) else None

    async def change_states(
        self, transaction: Connection, orders: Collection[ReportedOrder]
    ) -> list[ReportedOrder]:
        """Store orders in their new states and append their events; return those that changed.

        An order that is not in the preceding state stays as it is. The orders are locked in the order of
        their ids, so that concurrent transactions do not deadlock.
        """
        rows = await transaction.execute(*_lock({each.record.order.id for each in orders}))
        states = {row.id: row.state for row in rows}
        changed = []
        for each in orders:
            new = each.record.order
            if states.get(new.id) == _PREVIOUS_STATE[new.state]:
                states[new.id] = new.state
                changed.append(each)
        if changed:
            await transaction.execute(_CHANGE_STATE, [_state_row(each.record.order) for each in changed])
            for record in (each.record for each in changed):
                if record.order.state is OrderState.REJECTED and record.from_cart:
                    await transaction.execute(_REMOVE_CART_ITEMS, _rejected_items(record))
            await _append_events(transaction, changed)
            after_commit(transaction, [partial(self._wake, each.record.order.id) for each in changed])
        return changed

    def next_change(self, order_id: UUID) -> asyncio.Event:
        """Return an event that is set after this process has changed the order's state once more."""
        return self._changes.setdefault(order_id, asyncio.Event())

    def _wake(self, order_id: UUID) -> None:
        if (waiting := self._changes.pop(order_id, None)) is not None:
            waiting.set()

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

    async def ordered_cart_items(self, user_id: UUID, skus: Collection[str]) -> set[tuple[str, UUID]]:
        """Return SKU and revision of the user's cart items among `skus` that are ordered already."""
        async with self._database.reading() as connection:
            rows = await connection.execute(_CART_ITEMS, {"owner_id": user_id, "skus": list(skus)})
            return {(row.sku, row.revision) for row in rows}

    async def check_currency(self, configured: str) -> None:
        """Raise `StartupRefused` if there are orders in another currency than the configured one."""
        async with self._database.reading() as connection:
            stored = await connection.scalar(_NEWEST_CURRENCY)
        if stored is not None:
            refuse_other_currency(stored, configured)

    async def find(self, user_id: UUID, order_id: UUID) -> OrderRecord | None:
        """Return the user's order with that id, if it exists."""
        async with self._database.reading() as connection:
            return await self.find_in(connection, user_id, order_id)

    async def find_in(self, connection: Connection, user_id: UUID, order_id: UUID) -> OrderRecord | None:
        """Return the user's order as `connection` sees it; a second connection could wait for the first."""
        record = (await self.find_all(connection, [order_id])).get(order_id)
        return record if record is not None and record.user_id == user_id else None

    async def find_all(self, connection: Connection, order_ids: Collection[UUID]) -> dict[UUID, OrderRecord]:
        """Return the orders with these ids, of all users, as `connection` sees them."""
        rows = (await connection.execute(*_find(order_ids))).all()
        found = (list(same) for _, same in groupby(rows, lambda row: row.id))
        return {lines[0].id: _record(lines) for lines in found}

    async def newest(self, user_id: UUID, before: UUID, limit: int) -> list[Order]:
        """Return up to `limit` of the user's orders with an id below `before`, newest first."""
        values = {"user_id": user_id, "before_id": before, "limit": limit}
        async with self._database.reading() as connection:
            rows = (await connection.execute(_PAGE, values)).all()
        return [_order(same) for same in _by_order(rows)]

    async def newest_of_all(self, chosen: OrderFilter, before: UUID, limit: int) -> list[OwnedOrder]:
        """Return up to `limit` of the chosen orders of all users with an id below `before`, newest first."""
        conditions = []
        if chosen.state is not None:
            conditions.append(order.c.state == chosen.state)
        if chosen.user_id is not None:
            conditions.append(order.c.user_id == chosen.user_id)
        # The id of an order tells when it was placed.
        if chosen.placed_from is not None:
            conditions.append(order.c.id >= first_id_at(chosen.placed_from))
        if chosen.placed_before is not None:
            before = min(before, first_id_at(chosen.placed_before))
        async with self._database.reading() as connection:
            rows = (
                await connection.execute(_page_of(*conditions), {"before_id": before, "limit": limit})
            ).all()
        return [OwnedOrder(same[0].user_id, _order(same)) for same in _by_order(rows)]

    async def details(self, order_id: UUID) -> OrderDetails | None:
        """Return the order of any user with that id, if it exists, and its history."""
        async with self._database.reading() as connection:
            rows = (await connection.execute(_ANY, {"order_id": order_id})).all()
        return order_details(rows[0].user_id, _order(rows), rows[0].confirmed_at) if rows else None


def _by_order(rows: Sequence[sa.Row[Any]]) -> list[list[sa.Row[Any]]]:
    return [list(same) for _, same in groupby(rows, lambda row: row.id)]


async def _append_events(
    transaction: Connection, orders: Sequence[ReportedOrder], rows: Rows | None = None
) -> None:
    for each in orders:
        state, reason = each.record.order.state, each.record.order.reason
        # Not the method itself: for two orders in the same state, it would be one call.
        after_commit(transaction, [partial(ORDERS.labels(state, reason or "").inc)])
    await outbox.append_all(transaction, [each.event for each in orders], rows)


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


def _state_row(changed: Order) -> dict[str, Any]:
    return {
        "order_id": changed.id,
        "previous_state": _PREVIOUS_STATE[changed.state],
        "new_state": changed.state,
        "new_reason": changed.reason,
        "new_updated_at": changed.updated_at,
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


def _response_row(added: Order, request: OrderRequest) -> dict[str, Any]:
    return {
        "user_id": request.user_id,
        "key": request.key,
        "fingerprint": request.fingerprint,
        "order_id": added.id,
        "body": msgspec.json.encode(added),
    }


def _cart_item_rows(record: OrderRecord) -> list[dict[str, Any]]:
    return [
        {"user_id": record.user_id, "sku": sku, "revision": revision, "order_id": record.order.id}
        for sku, revision in record.cart_revisions.items()
    ]


def _rejected_items(record: OrderRecord) -> dict[str, Any]:
    skus = [line.sku for line in record.order.items]
    return {"owner_id": record.user_id, "skus": skus, "rejected_id": record.order.id}


def _record(rows: Sequence[sa.Row[Any]]) -> OrderRecord:
    revisions = {row.sku: row.revision for row in rows if row.revision is not None}
    return OrderRecord(rows[0].user_id, rows[0].from_cart, _order(rows), revisions)


def _order(rows: Sequence[sa.Row[Any]]) -> Order:
    first = rows[0]
    lines = [Line(row.sku, row.quantity, Money(row.unit_price, first.currency)) for row in rows]
    return Order(
        first.id,
        OrderState(first.state),
        RejectionReason(first.reason) if first.reason else None,
        lines,
        Money(first.total, first.currency),
        first.created_at,
        first.updated_at,
    )

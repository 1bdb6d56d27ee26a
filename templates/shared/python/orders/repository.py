"""Order repository: orders, their events, and the responses to order requests."""

from collections.abc import Collection, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec
import sqlalchemy as sa

from chassis.db.connections import Connection, prepared
from chassis.db.currency import refuse_other_currency
from chassis.db.database import Database, after_commit
from chassis.db.lists import with_list
from chassis.http.problems import Invalid
from chassis.money import Money
from chassis.telemetry.counters import Counter

from .domain import Line, Order, OrderRecord, OrderRequest, OrderResponse, OrderState, RejectionReason
from .tables import idempotency, order, order_line, ordered_cart_item, outbox

EVENTS = {
    OrderState.PENDING: "OrderPlaced",
    OrderState.CONFIRMED: "OrderConfirmed",
    OrderState.REJECTED: "OrderRejected",
    OrderState.CANCELLED: "OrderCancelled",
}
ORDERS = Counter("orders", "Orders that reached a state, by the reason for it.", "state", "reason")
_PREVIOUS_STATE = {
    OrderState.CONFIRMED: OrderState.PENDING,
    OrderState.REJECTED: OrderState.PENDING,
    OrderState.CANCELLED: OrderState.CONFIRMED,
}

_ADD = prepared(sa.insert(order))
_ADD_LINES = prepared(sa.insert(order_line))
_ADD_RESPONSE = prepared(sa.insert(idempotency))
_ADD_CART_ITEMS = prepared(sa.insert(ordered_cart_item))
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
_NEWEST_CURRENCY = sa.select(order.c.currency).order_by(order.c.id.desc()).limit(1)
_LINE_COLUMNS = (order_line.c.sku, order_line.c.quantity, order_line.c.unit_price)
_FIND = prepared(
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
    .where(order.c.id == sa.bindparam("order_id"), order.c.user_id == sa.bindparam("user_id"))
    .order_by(order_line.c.position)
)
_lock = with_list(
    order.c.id,
    # `state` is in no other index: a database could read the ids from another one, and lock in its order.
    lambda one_of: sa.select(order.c.id, order.c.state).where(one_of).order_by(order.c.id).with_for_update(),
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

        Raises SQLAlchemy's `IntegrityError` if the request was already answered, or a cart item was already
        ordered.
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
        if record.cart_revisions:
            await transaction.execute(_ADD_CART_ITEMS, _cart_item_rows(record))
        await _append_event(transaction, record)

    async def lock(self, transaction: Connection, order_ids: Collection[UUID]) -> None:
        """Lock orders before a transaction with several changes of state, so that none deadlock."""
        await transaction.execute(*_lock(order_ids))

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
        if state is OrderState.REJECTED and record.cart_revisions:
            items = {"owner_id": record.user_id, "skus": list(record.cart_revisions)}
            await transaction.execute(_REMOVE_CART_ITEMS, {**items, "rejected_id": record.order.id})
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
        rows = (await connection.execute(_FIND, {"order_id": order_id, "user_id": user_id})).all()
        if not rows:
            return None
        revisions = {row.sku: row.revision for row in rows if row.revision is not None}
        return OrderRecord(rows[0].user_id, rows[0].from_cart, _order(rows), revisions)

    async def newest(self, user_id: UUID, before: UUID, limit: int) -> list[Order]:
        """Return up to `limit` of the user's orders with an id below `before`, newest first."""
        values = {"user_id": user_id, "before_id": before, "limit": limit}
        async with self._database.reading() as connection:
            rows = (await connection.execute(_PAGE, values)).all()
        return [_order(list(same)) for _, same in groupby(rows, lambda row: row.id)]


async def _append_event(transaction: Connection, record: OrderRecord) -> None:
    after_commit(transaction, [ORDERS.adding(record.order.state, record.order.reason or "")])
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


def _cart_item_rows(record: OrderRecord) -> list[dict[str, Any]]:
    return [
        {"user_id": record.user_id, "sku": sku, "revision": revision, "order_id": record.order.id}
        for sku, revision in record.cart_revisions.items()
    ]


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

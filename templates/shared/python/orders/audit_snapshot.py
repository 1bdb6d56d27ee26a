"""Audit snapshot of orders."""

import sqlalchemy as sa

from chassis.db.connections import Connection

from ..audit.snapshot import AuditedOrder, OrdersSnapshot
from .domain import OrderState
from .tables import idempotency, order, order_line, outbox

_ORDERS = sa.select(order.c.id, order.c.user_id, order.c.state, order.c.total)
_SOLD = (
    sa.select(order_line.c.sku, sa.func.sum(order_line.c.quantity))
    .join(order, order.c.id == order_line.c.order_id)
    .where(order.c.state == OrderState.CONFIRMED)
    .group_by(order_line.c.sku)
)
_ANSWERS = sa.select(idempotency.c.order_id, idempotency.c.user_id)


async def take_snapshot(connection: Connection) -> OrdersSnapshot:
    """Take the snapshot; `connection` should see a single database snapshot."""
    return OrdersSnapshot(
        orders={
            row.id: AuditedOrder(row.user_id, row.state, row.total)
            for row in await connection.execute(_ORDERS)
        },
        sold={sku: int(units) for sku, units in await connection.execute(_SOLD)},
        answers=[(row.order_id, row.user_id) for row in await connection.execute(_ANSWERS)],
        waiting=(await outbox.backlog(connection)).waiting,
        dead=[f"{event.type} {event.id}" for event in await outbox.dead(connection)],
    )

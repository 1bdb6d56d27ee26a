"""Audit snapshot of inventory."""

import sqlalchemy as sa

from chassis.db.connections import Connection

from ..audit.snapshot import AuditedStock, InventorySnapshot
from .domain import ReservationState
from .tables import reservation, reservation_line, stock

_STOCK = sa.select(stock.c.sku, stock.c.on_hand, stock.c.reserved, stock.c.supplied)
_HELD = (
    sa.select(reservation_line.c.sku, sa.func.sum(reservation_line.c.quantity))
    .join(reservation, reservation.c.order_id == reservation_line.c.order_id)
    .where(reservation.c.state == ReservationState.HELD)
    .group_by(reservation_line.c.sku)
)
_STATES = sa.select(reservation.c.order_id, reservation.c.state)


async def take_snapshot(connection: Connection) -> InventorySnapshot:
    """Take the snapshot; `connection` should see a single database snapshot."""
    held = {sku: int(units) for sku, units in await connection.execute(_HELD)}
    return InventorySnapshot(
        stock={
            row.sku: AuditedStock(row.on_hand, row.reserved, held.get(row.sku, 0), row.supplied)
            for row in await connection.execute(_STOCK)
        },
        reservations={row.order_id: row.state for row in await connection.execute(_STATES)},
    )

"""Reservations of units for orders.

Each step belongs to an order and runs in the caller's transaction. Steps are idempotent: a repeated step
changes nothing and returns the same result, and a reservation that arrives after its release is refused. A
caller that does not know whether a step took effect therefore repeats it.
"""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis.db.connections import Connection, prepared
from chassis.db.lists import with_list

from .domain import ReservationState
from .tables import reservation, reservation_line, stock

_ORDER = sa.bindparam("order", type_=sa.Uuid)
_OPEN = prepared(
    sa.insert(reservation).from_select(
        ["order_id", "state"],
        sa.select(_ORDER, sa.bindparam("new_state", type_=sa.String(16))).where(
            ~sa.exists().where(reservation.c.order_id == _ORDER)
        ),
    )
)
_STATE = prepared(sa.select(reservation.c.state).where(reservation.c.order_id == _ORDER))
_MOVE = prepared(
    sa.update(reservation)
    .where(reservation.c.order_id == _ORDER, reservation.c.state == sa.bindparam("previous_state"))
    .values(state=sa.bindparam("new_state"))
)
_LIST = prepared(sa.insert(reservation_line))

_QUANTITY = sa.bindparam("units", type_=sa.Integer)
_HOLD = prepared(
    sa.update(stock)
    .where(stock.c.sku == sa.bindparam("for_sku"), stock.c.on_hand - stock.c.reserved >= _QUANTITY)
    .values(reserved=stock.c.reserved + _QUANTITY)
)
# Each changes one row, found by its primary key: for an UPDATE with a join, a database may scan the table and
# then wait for rows of other orders while it holds those of this one.
_ONE = sa.update(stock).where(stock.c.sku == sa.bindparam("for_sku"))
_FREE = prepared(_ONE.values(reserved=stock.c.reserved - _QUANTITY))
_SHIP = prepared(_ONE.values(on_hand=stock.c.on_hand - _QUANTITY, reserved=stock.c.reserved - _QUANTITY))
_RETURN = prepared(_ONE.values(on_hand=stock.c.on_hand + _QUANTITY))
_LINES = prepared(
    sa.select(reservation_line.c.sku, reservation_line.c.quantity).where(
        reservation_line.c.order_id == _ORDER
    )
)
_TAKE = prepared(
    sa.update(stock)
    .where(stock.c.sku == sa.bindparam("for_sku"), stock.c.on_hand - stock.c.reserved >= _QUANTITY)
    .values(on_hand=stock.c.on_hand - _QUANTITY)
)
_ADD = prepared(sa.insert(reservation))
_lock = with_list(
    stock.c.sku,
    lambda one_of: sa.select(stock.c.sku).where(one_of).order_by(stock.c.sku).with_for_update(),
)


class Reservations:
    """The steps of an order's reservation: reserve, commit or release, and restock; or take, in one step."""

    async def lock(self, transaction: Connection, skus: Collection[str]) -> None:
        """Lock the stock of SKUs before a transaction with steps of several orders, so that none deadlock."""
        await transaction.execute(*_lock(skus))

    async def reserve(self, transaction: Connection, order_id: UUID, quantities: Mapping[str, int]) -> bool:
        """Reserve the units of all SKUs for the order, or none; False if there are too few."""
        opened = await transaction.execute(_OPEN, {"order": order_id, "new_state": ReservationState.HELD})
        if not opened.rowcount:
            state = await self.state(transaction, order_id)
            return state in {ReservationState.HELD, ReservationState.COMMITTED}
        # In SKU order, so that concurrent orders for the same SKUs do not deadlock.
        wanted = sorted(quantities.items())
        await transaction.execute(_LIST, _lines(order_id, wanted))
        for index, (sku, quantity) in enumerate(wanted):
            held = await transaction.execute(_HOLD, {"for_sku": sku, "units": quantity})
            if not held.rowcount:
                await self._refuse(transaction, order_id, wanted[:index])
                return False
        return True

    async def take(self, transaction: Connection, order_id: UUID, quantities: Mapping[str, int]) -> bool:
        """Reserve and commit in one step, for an order that is paid in the same transaction.

        False if there are too few units of a SKU: then roll the transaction back.
        """
        wanted = sorted(quantities.items())
        for sku, quantity in wanted:
            taken = await transaction.execute(_TAKE, {"for_sku": sku, "units": quantity})
            if not taken.rowcount:
                return False
        await transaction.execute(_ADD, {"order_id": order_id, "state": ReservationState.COMMITTED})
        await transaction.execute(_LIST, _lines(order_id, wanted))
        return True

    async def commit(self, transaction: Connection, order_id: UUID) -> None:
        """Commit the reservation of a paid order: its units leave the stock."""
        if await self._move(transaction, order_id, ReservationState.HELD, ReservationState.COMMITTED):
            await self._change(transaction, order_id, _SHIP)

    async def release(self, transaction: Connection, order_id: UUID) -> None:
        """Release the reservation of a failed order, and refuse any later one."""
        if await self._move(transaction, order_id, ReservationState.HELD, ReservationState.RELEASED):
            await self._change(transaction, order_id, _FREE)
        else:
            await transaction.execute(_OPEN, {"order": order_id, "new_state": ReservationState.RELEASED})

    async def restock(self, transaction: Connection, order_id: UUID) -> None:
        """Return the units of a cancelled order to the stock."""
        if await self._move(transaction, order_id, ReservationState.COMMITTED, ReservationState.RESTOCKED):
            await self._change(transaction, order_id, _RETURN)

    async def state(self, connection: Connection, order_id: UUID) -> ReservationState | None:
        """Return the state of the order's reservation; None if the order never requested one."""
        state = await connection.scalar(_STATE, {"order": order_id})
        return None if state is None else ReservationState(state)

    async def _move(
        self, transaction: Connection, order_id: UUID, source: ReservationState, target: ReservationState
    ) -> bool:
        # Move first: the lock on this row makes concurrent runs of a step take effect once.
        moved = await transaction.execute(
            _MOVE, {"order": order_id, "previous_state": source, "new_state": target}
        )
        return bool(moved.rowcount)

    async def _change(self, transaction: Connection, order_id: UUID, change: sa.Update) -> None:
        lines = (await transaction.execute(_LINES, {"order": order_id})).all()
        # In SKU order, as in reserve().
        await transaction.execute(change, [{"for_sku": sku, "units": units} for sku, units in sorted(lines)])

    async def _refuse(self, transaction: Connection, order_id: UUID, held: list[tuple[str, int]]) -> None:
        for sku, quantity in held:
            await transaction.execute(_FREE, {"for_sku": sku, "units": quantity})
        await self._move(transaction, order_id, ReservationState.HELD, ReservationState.REFUSED)


def _lines(order_id: UUID, wanted: list[tuple[str, int]]) -> list[dict[str, Any]]:
    return [{"order_id": order_id, "sku": sku, "quantity": quantity} for sku, quantity in wanted]

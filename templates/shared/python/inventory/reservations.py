"""Reservations of units for orders.

Each step belongs to orders and runs in the caller's transaction. Steps are idempotent: a repeated step
changes nothing and returns the same result, and a reservation that arrives after its release is refused. A
caller that does not know whether a step took effect therefore repeats it.
"""

from collections import Counter
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from chassis.db.connections import Connection, Rows, prepared
from chassis.db.inserts import insert_rows, update_and_insert
from chassis.db.lists import with_list

from .domain import ReservationState
from .tables import reservation, reservation_line, stock

_STATES = (reservation.c.order_id, reservation.c.state)
_states = with_list(reservation.c.order_id, lambda one_of: sa.select(*_STATES).where(one_of))
_locked_states = with_list(
    reservation.c.order_id,
    lambda one_of: sa.select(*_STATES).where(one_of).order_by(reservation.c.order_id).with_for_update(),
)
_move = with_list(
    reservation.c.order_id,
    lambda one_of: sa.update(reservation).where(one_of).values(state=sa.bindparam("new_state")),
)
_lines = with_list(
    reservation_line.c.order_id,
    lambda one_of: sa.select(reservation_line.c.sku, reservation_line.c.quantity).where(one_of),
)

_QUANTITY = sa.bindparam("units", type_=sa.Integer)
# Each changes one row, found by its primary key: for an UPDATE with a join, a database may scan the table and
# then wait for rows of other orders while it holds those of this one.
_ONE = sa.update(stock).where(stock.c.sku == sa.bindparam("for_sku"))
_HOLD = prepared(_ONE.values(reserved=stock.c.reserved + _QUANTITY))
_FREE = prepared(_ONE.values(reserved=stock.c.reserved - _QUANTITY))
_SHIP = prepared(_ONE.values(on_hand=stock.c.on_hand - _QUANTITY, reserved=stock.c.reserved - _QUANTITY))
_RETURN = prepared(_ONE.values(on_hand=stock.c.on_hand + _QUANTITY))
_TAKE = prepared(
    _ONE.where(stock.c.on_hand - stock.c.reserved >= _QUANTITY).values(on_hand=stock.c.on_hand - _QUANTITY)
)
_locked_stock = with_list(
    stock.c.sku,
    lambda one_of: (
        sa.select(stock.c.sku, (stock.c.on_hand - stock.c.reserved).label("free"))
        .where(one_of)
        .order_by(stock.c.sku)
        .with_for_update()
    ),
)
_RESERVED = {ReservationState.HELD, ReservationState.COMMITTED}


class Reservations:
    """The steps of orders' reservations: reserve, commit or release, and restock; or take, in one step.

    Several orders share the statements of a step. Rows are locked in the order of their keys, so that
    concurrent transactions do not deadlock.
    """

    async def lock(self, transaction: Connection, skus: Collection[str]) -> dict[str, int]:
        """Lock the stock of SKUs, and return the free units of each that exists.

        A transaction with several steps does so first.
        """
        rows = await transaction.execute(*_locked_stock(skus))
        return {row.sku: row.free for row in rows}

    async def reserve(self, transaction: Connection, orders: Mapping[UUID, Mapping[str, int]]) -> set[UUID]:
        """Reserve the units of each order, all or none; return the orders whose units are reserved.

        Orders that come first are served first. `orders` has quantities by SKU.
        """
        free = await self.lock(transaction, {sku for quantities in orders.values() for sku in quantities})
        # After the lock, which a concurrent repetition waits for.
        states = await self._states(transaction, _states(orders))
        new: dict[UUID, ReservationState] = {}
        held: Counter[str] = Counter()
        for order_id, quantities in orders.items():
            if order_id in states:
                continue
            if all(free.get(sku, 0) - held[sku] >= units for sku, units in quantities.items()):
                held.update(quantities)
                new[order_id] = ReservationState.HELD
            else:
                new[order_id] = ReservationState.REFUSED
        reserved = {order_id for order_id, state in (states | new).items() if state in _RESERVED}
        await insert_rows(transaction, _rows(new, {each: orders[each] for each in new if each in reserved}))
        await _change(transaction, held, _HOLD)
        return reserved

    async def take(self, transaction: Connection, order_id: UUID, quantities: Mapping[str, int]) -> bool:
        """Reserve and commit in one step, for an order that is paid in the same transaction.

        False if there are too few units of a SKU: then roll the transaction back.
        """
        *others, last = sorted(quantities.items())
        for sku, quantity in others:
            taken = await transaction.execute(_TAKE, {"for_sku": sku, "units": quantity})
            if not taken.rowcount:
                return False
        sku, quantity = last
        rows = _rows({order_id: ReservationState.COMMITTED}, {order_id: quantities})
        return await update_and_insert(transaction, _TAKE, {"for_sku": sku, "units": quantity}, rows)

    async def commit(self, transaction: Connection, order_ids: Collection[UUID]) -> None:
        """Commit the reservations of paid orders: their units leave the stock."""
        await self._move(transaction, order_ids, ReservationState.HELD, ReservationState.COMMITTED, _SHIP)

    async def release(self, transaction: Connection, order_ids: Collection[UUID]) -> None:
        """Release the reservations of failed orders, and refuse any later ones."""
        states = await self._move(
            transaction, order_ids, ReservationState.HELD, ReservationState.RELEASED, _FREE
        )
        missing = dict.fromkeys(set(order_ids) - states.keys(), ReservationState.RELEASED)
        await insert_rows(transaction, _rows(missing, {}))

    async def restock(self, transaction: Connection, order_ids: Collection[UUID]) -> None:
        """Return the units of cancelled orders to the stock."""
        await self._move(
            transaction, order_ids, ReservationState.COMMITTED, ReservationState.RESTOCKED, _RETURN
        )

    async def state(self, connection: Connection, order_id: UUID) -> ReservationState | None:
        """Return the state of the order's reservation; None if the order never requested one."""
        return (await self._states(connection, _states([order_id]))).get(order_id)

    async def _states(
        self, connection: Connection, query: tuple[sa.Executable, Mapping[str, Any]]
    ) -> dict[UUID, ReservationState]:
        rows = await connection.execute(*query)
        return {row.order_id: ReservationState(row.state) for row in rows}

    async def _move(
        self,
        transaction: Connection,
        order_ids: Collection[UUID],
        source: ReservationState,
        target: ReservationState,
        change: sa.Update,
    ) -> dict[UUID, ReservationState]:
        """Move reservations from one state to another and change the stock; return their states before."""
        # The locks make concurrent runs of a step take effect once.
        states = await self._states(transaction, _locked_states(order_ids))
        moved = [order_id for order_id, state in states.items() if state is source]
        if moved:
            statement, listed = _move(moved)
            await transaction.execute(statement, {"new_state": target, **listed})
            units: Counter[str] = Counter()
            for sku, quantity in await transaction.execute(*_lines(moved)):
                units[sku] += quantity
            await _change(transaction, units, change)
        return states


def _rows(states: Mapping[UUID, ReservationState], orders: Mapping[UUID, Mapping[str, int]]) -> Rows:
    """Return the rows of new reservations, and of the quantities of those that have units."""
    return {
        reservation: [{"order_id": each, "state": state} for each, state in sorted(states.items())],
        reservation_line: [
            {"order_id": order_id, "sku": sku, "quantity": units}
            for order_id, quantities in sorted(orders.items())
            for sku, units in sorted(quantities.items())
        ],
    }


async def _change(transaction: Connection, units: Mapping[str, int], change: sa.Update) -> None:
    if units:
        rows = [{"for_sku": sku, "units": quantity} for sku, quantity in sorted(units.items())]
        await transaction.execute(change, rows)

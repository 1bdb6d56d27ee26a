"""Units promised to orders.

Each step belongs to an order and runs in the caller's transaction. Repeated, a step changes nothing and gives
the same outcome, and a reservation that comes after its release is refused; so a caller that is in doubt
whether a step was taken takes it again.
"""

from collections.abc import Mapping
from uuid import UUID

import sqlalchemy as sa

from ..chassis.connections import Connection
from .domain import ReservationState
from .tables import reservation, reservation_line, stock

_ORDER = sa.bindparam("order", type_=sa.Uuid)
_OPEN = sa.insert(reservation).from_select(
    ["order_id", "state"],
    sa.select(_ORDER, sa.bindparam("new_state", type_=sa.String(16))).where(
        ~sa.exists().where(reservation.c.order_id == _ORDER)
    ),
)
_STATE = sa.select(reservation.c.state).where(reservation.c.order_id == _ORDER)
_MOVE = (
    sa.update(reservation)
    .where(reservation.c.order_id == _ORDER, reservation.c.state == sa.bindparam("previous_state"))
    .values(state=sa.bindparam("new_state"))
)
_LIST = sa.insert(reservation_line)

_QUANTITY = sa.bindparam("units", type_=sa.Integer)
_HOLD = (
    sa.update(stock)
    .where(stock.c.sku == sa.bindparam("for_sku"), stock.c.on_hand - stock.c.reserved >= _QUANTITY)
    .values(reserved=stock.c.reserved + _QUANTITY)
)
_FREE_ONE = (
    sa.update(stock)
    .where(stock.c.sku == sa.bindparam("for_sku"))
    .values(reserved=stock.c.reserved - _QUANTITY)
)

# An update locks rows in whatever order it finds them, which changes with the tables' statistics.
_LOCK = (
    sa.select(stock.c.sku)
    .join_from(stock, reservation_line, reservation_line.c.sku == stock.c.sku)
    .where(reservation_line.c.order_id == _ORDER)
    .order_by(stock.c.sku)
    .with_for_update()
)
_OF_ORDER = (reservation_line.c.order_id == _ORDER, reservation_line.c.sku == stock.c.sku)
_FREE = sa.update(stock).where(*_OF_ORDER).values(reserved=stock.c.reserved - reservation_line.c.quantity)
_SHIP = (
    sa.update(stock)
    .where(*_OF_ORDER)
    .values(
        on_hand=stock.c.on_hand - reservation_line.c.quantity,
        reserved=stock.c.reserved - reservation_line.c.quantity,
    )
)
_RETURN = sa.update(stock).where(*_OF_ORDER).values(on_hand=stock.c.on_hand + reservation_line.c.quantity)


class Reservations:
    """The steps that an order takes through inventory."""

    async def reserve(self, transaction: Connection, order_id: UUID, quantities: Mapping[str, int]) -> bool:
        """Promise the units of each SKU to the order, all or none; False when there are too few."""
        opened = await transaction.execute(_OPEN, {"order": order_id, "new_state": ReservationState.HELD})
        if not opened.rowcount:
            state = await self.state(transaction, order_id)
            return state in {ReservationState.HELD, ReservationState.COMMITTED}
        # In order, so that two orders for the same SKUs wait for each other and never in a circle.
        wanted = sorted(quantities.items())
        lines = [{"order_id": order_id, "sku": sku, "quantity": quantity} for sku, quantity in wanted]
        await transaction.execute(_LIST, lines)
        for index, (sku, quantity) in enumerate(wanted):
            held = await transaction.execute(_HOLD, {"for_sku": sku, "units": quantity})
            if not held.rowcount:
                await self._refuse(transaction, order_id, wanted[:index])
                return False
        return True

    async def commit(self, transaction: Connection, order_id: UUID) -> None:
        """The order is paid: its units leave the shelf."""
        if await self._move(transaction, order_id, ReservationState.HELD, ReservationState.COMMITTED):
            await self._change(transaction, order_id, _SHIP)

    async def release(self, transaction: Connection, order_id: UUID) -> None:
        """The order failed: its units are free again, and it will never get any."""
        if await self._move(transaction, order_id, ReservationState.HELD, ReservationState.RELEASED):
            await self._change(transaction, order_id, _FREE)
        else:
            await transaction.execute(_OPEN, {"order": order_id, "new_state": ReservationState.RELEASED})

    async def restock(self, transaction: Connection, order_id: UUID) -> None:
        """The order was cancelled: its units come back to the shelf."""
        if await self._move(transaction, order_id, ReservationState.COMMITTED, ReservationState.RESTOCKED):
            await self._change(transaction, order_id, _RETURN)

    async def state(self, connection: Connection, order_id: UUID) -> ReservationState | None:
        """Return what became of the order's units; None if it never asked for any."""
        state = await connection.scalar(_STATE, {"order": order_id})
        return None if state is None else ReservationState(state)

    async def _move(
        self, transaction: Connection, order_id: UUID, source: ReservationState, target: ReservationState
    ) -> bool:
        # First, because the lock on this row is what makes a step that runs twice at once run only once.
        moved = await transaction.execute(
            _MOVE, {"order": order_id, "previous_state": source, "new_state": target}
        )
        return bool(moved.rowcount)

    async def _change(self, transaction: Connection, order_id: UUID, change: sa.Update) -> None:
        # In the same order as promises are made.
        await transaction.execute(_LOCK, {"order": order_id})
        await transaction.execute(change, {"order": order_id})

    async def _refuse(self, transaction: Connection, order_id: UUID, held: list[tuple[str, int]]) -> None:
        for sku, quantity in held:
            await transaction.execute(_FREE_ONE, {"for_sku": sku, "units": quantity})
        await self._move(transaction, order_id, ReservationState.HELD, ReservationState.REFUSED)

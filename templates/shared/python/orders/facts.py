"""What an audit wants to know of orders."""

from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa

from ..chassis.connections import Connection
from .domain import State
from .tables import idempotency, order, order_line, outbox

_ORDERS = sa.select(order.c.id, order.c.user_id, order.c.state, order.c.total)
_SOLD = (
    sa.select(order_line.c.sku, sa.func.sum(order_line.c.quantity))
    .join(order, order.c.id == order_line.c.order_id)
    .where(order.c.state == State.CONFIRMED)
    .group_by(order_line.c.sku)
)
_ANSWERS = sa.select(idempotency.c.order_id, idempotency.c.user_id)


@dataclass(frozen=True, slots=True)
class OrderFacts:
    """An order: its owner, its state and its total in minor units."""

    user_id: UUID
    state: str
    total: int


@dataclass(frozen=True, slots=True)
class OrdersFacts:
    """Orders by id; units in confirmed ones by SKU; (order, user) of each answer; events not delivered."""

    orders: dict[UUID, OrderFacts]
    sold: dict[str, int]
    answers: list[tuple[UUID, UUID]]
    waiting: int
    dead: list[str]


async def gather(connection: Connection) -> OrdersFacts:
    """Read the facts; `connection` should show one moment only."""
    return OrdersFacts(
        orders={
            row.id: OrderFacts(row.user_id, row.state, row.total) for row in await connection.execute(_ORDERS)
        },
        sold={sku: int(units) for sku, units in await connection.execute(_SOLD)},
        answers=[(row.order_id, row.user_id) for row in await connection.execute(_ANSWERS)],
        waiting=(await outbox.backlog(connection)).waiting,
        dead=[f"{event.type} {event.id}" for event in await outbox.dead(connection)],
    )

"""Baseline: place order with only Starlette, msgspec and asyncpg.

It changes the same rows in the same order, on a copy of the shop's database, one statement after another: 13
round trips, of which the shop combines some. It has no tokens (the header X-User names the user), validation,
rate limits, retries, metrics or event relay.
"""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

POOL_SIZE = 10
SALES = UUID(int=1)

FIND_ANSWER = "SELECT fingerprint, order_id, body FROM orders.idempotency WHERE user_id = $1 AND key = $2"
PRICES = "SELECT sku, price FROM catalog.product WHERE sku = ANY($1)"
RESERVATION = "INSERT INTO inventory.reservation (order_id, state) VALUES ($1, $2)"
RESERVATION_LINE = "INSERT INTO inventory.reservation_line (order_id, sku, quantity) VALUES ($1, $2, $3)"
TAKE = "UPDATE inventory.stock SET on_hand = on_hand - $2 WHERE sku = $1 AND on_hand - reserved >= $2"
DEBIT = """
    UPDATE payments.wallet SET balance = balance - $2
    WHERE user_id = $1 AND balance >= $2
      AND NOT EXISTS (SELECT * FROM payments.ledger_entry WHERE reference = $3 AND account = $1)
"""
LEDGER_ENTRY = """
    INSERT INTO payments.ledger_entry (id, reference, kind, account, amount, created_at)
    VALUES ($1, $2, $3, $4, $5, $6)
"""
ORDER = """
    INSERT INTO orders."order"
        (id, user_id, from_cart, state, reason, total, currency, created_at, updated_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
ORDER_LINE = """
    INSERT INTO orders.order_line (order_id, position, sku, quantity, unit_price)
    VALUES ($1, $2, $3, $4, $5)
"""
ANSWER = (
    "INSERT INTO orders.idempotency (user_id, key, fingerprint, order_id, body) VALUES ($1, $2, $3, $4, $5)"
)
EVENT = """
    INSERT INTO orders.outbox (id, type, version, time, key, traceparent, data, attempts, due_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


class Item(msgspec.Struct):
    """Quantity of a product."""

    sku: str
    quantity: int


class NewOrder(msgspec.Struct):
    """Request to place an order."""

    items: list[Item]


class Money(msgspec.Struct):
    """Amount in minor units."""

    amount: int
    currency: str = "EUR"


class Line(msgspec.Struct):
    """Ordered item with its price."""

    sku: str
    quantity: int
    unit_price: Money


class Order(msgspec.Struct):
    """Response to an order."""

    id: UUID
    state: str
    reason: None
    items: list[Line]
    total: Money
    created_at: datetime
    updated_at: datetime


async def place_order(request: Request) -> Response:
    """Place an order of the user in the header X-User; respond as the shop does."""
    user, key = UUID(request.headers["x-user"]), request.headers["idempotency-key"]
    body = await request.body()
    items = msgspec.json.decode(body, type=NewOrder).items
    async with request.app.state.pool.acquire() as connection:
        await connection.fetchrow(FIND_ANSWER, user, key)
        prices = dict(await connection.fetch(PRICES, [item.sku for item in items]))
        order = _priced(items, prices)
        answer = msgspec.json.encode(order)
        async with connection.transaction():
            await _settle(connection, user, order)
            await _store(connection, user, order)
            await connection.execute(ANSWER, user, key, sha256(body).digest(), order.id, answer)
            await _tell(connection, user, order)
    return Response(answer, 202, {"Location": f"/v1/orders/{order.id}"}, media_type="application/json")


def _priced(items: list[Item], prices: dict[str, int]) -> Order:
    lines = [Line(item.sku, item.quantity, Money(prices[item.sku])) for item in items]
    total = Money(sum(line.quantity * line.unit_price.amount for line in lines))
    time = datetime.now(UTC).replace(tzinfo=None)
    return Order(uuid4(), "CONFIRMED", None, lines, total, time, time)


async def _settle(connection: Any, user: UUID, order: Order) -> None:
    for line in order.items:
        await connection.execute(TAKE, line.sku, line.quantity)
    await connection.execute(RESERVATION, order.id, "COMMITTED")
    for line in order.items:
        await connection.execute(RESERVATION_LINE, order.id, line.sku, line.quantity)
    amount = order.total.amount
    await connection.execute(DEBIT, user, amount, order.id)
    entries = [
        (uuid4(), order.id, "debit", account, signed, order.created_at)
        for account, signed in ((user, -amount), (SALES, amount))
    ]
    await connection.executemany(LEDGER_ENTRY, entries)


async def _store(connection: Any, user: UUID, order: Order) -> None:
    time, total = order.created_at, order.total
    values = (order.id, user, False, order.state, order.reason, total.amount, total.currency, time, time)
    await connection.execute(ORDER, *values)
    for position, line in enumerate(order.items):
        price = line.unit_price.amount
        await connection.execute(ORDER_LINE, order.id, position, line.sku, line.quantity, price)


async def _tell(connection: Any, user: UUID, order: Order) -> None:
    time = order.created_at
    data = msgspec.json.encode({"user_id": user, "from_cart": False, "order": order})
    values = (uuid4(), "OrderConfirmed", 1, time, str(order.id), None, data, 0, time)
    await connection.execute(EVENT, *values)


@asynccontextmanager
async def _lifespan(application: Starlette) -> AsyncIterator[None]:
    url = os.environ["BARE_DATABASE_URL"]
    async with asyncpg.create_pool(url, min_size=POOL_SIZE, max_size=POOL_SIZE) as pool:
        application.state.pool = pool
        yield


async def _ready(_: Request) -> Response:
    return Response()


app = Starlette(
    routes=[Route("/v1/orders", place_order, methods=["POST"]), Route("/readyz", _ready)], lifespan=_lifespan
)

"""Tests of concurrency: nothing is sold, paid or refunded twice, and transactions do not deadlock.

Two `InProcessShop`s on one database stand for two processes, each with its own connections.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from uuid import UUID

import pytest
import sqlalchemy as sa

from chassis.db.conflicts import retry_conflicts
from chassis.db.database import Database
from chassis.http.problems import Invalid

from ...inventory.tables import stock
from ...orders.domain import Order, OrderState
from .in_process_shop import ADMIN, InProcessShop, violations


@pytest.fixture
def processes(connect: Callable[[], Database]) -> tuple[InProcessShop, InProcessShop]:
    """One shop, served by two processes."""
    return InProcessShop(connect()), InProcessShop(connect())


def states(orders: list[Order]) -> Counter[str]:
    """Count the orders by their rejection reason or, if they were not rejected, by their state."""
    return Counter(str(order.reason or order.state) for order in orders)


async def test_last_unit_is_sold_once(processes: tuple[InProcessShop, InProcessShop]) -> None:
    """64 customers order the last unit at once, from two processes, and one of them gets it."""
    shop = processes[0]
    sku = await shop.product(price=10, stock=1)
    users = [await shop.customer(10) for _ in range(64)]
    orders = await asyncio.gather(
        *(processes[index % 2].order(user, {sku: 1}) for index, user in enumerate(users))
    )
    assert states(orders) == {"CONFIRMED": 1, "out_of_stock": 63}
    assert await shop.on_hand(sku) == 0
    assert violations(await shop.audit()) == []


async def test_orders_for_the_same_products_in_opposite_order_do_not_deadlock(
    processes: tuple[InProcessShop, InProcessShop],
) -> None:
    """Orders lock the rows of their products in the same order, whatever the order of their lines."""
    shop = processes[0]
    first, second = await shop.product(price=1, stock=20), await shop.product(price=1, stock=20)
    users = [await shop.customer(100) for _ in range(8)]
    orders = await asyncio.gather(
        *(
            processes[index % 2].order(
                users[index % 8], {first: 1, second: 1} if index % 4 < 2 else {second: 1, first: 1}
            )
            for index in range(32)
        )
    )
    assert states(orders) == {"CONFIRMED": 20, "out_of_stock": 12}
    assert violations(await shop.audit()) == []


async def test_one_key_places_one_order(processes: tuple[InProcessShop, InProcessShop]) -> None:
    """20 equal requests at once get the same bytes, and all but one are marked as replayed."""
    shop = processes[0]
    sku, user = await shop.product(price=10, stock=50), await shop.customer(500)
    answers = await asyncio.gather(
        *(processes[index % 2].answer(user, {sku: 1}, "key") for index in range(20))
    )
    assert len({answer.body for answer in answers}) == 1
    assert Counter(answer.replayed for answer in answers) == {False: 1, True: 19}
    assert (await shop.on_hand(sku), await shop.balance(user)) == (49, 490)
    assert violations(await shop.audit()) == []


async def test_one_key_for_the_cart_places_one_order(processes: tuple[InProcessShop, InProcessShop]) -> None:
    """No repetition is refused because the cart is already empty."""
    shop = processes[0]
    sku, user = await shop.product(price=10, stock=50), await shop.customer(500)
    await shop.carts.put(user, sku, 3)
    answers = await asyncio.gather(*(processes[index % 2].answer(user, None, "key") for index in range(12)))
    assert len({answer.body for answer in answers}) == 1
    assert await shop.on_hand(sku) == 47


async def test_one_of_two_bodies_with_the_same_key_is_ordered(
    processes: tuple[InProcessShop, InProcessShop],
) -> None:
    """All requests with the other body are refused, even concurrent ones."""
    shop = processes[0]
    sku, user = await shop.product(price=1, stock=50), await shop.customer(500)
    outcomes = await asyncio.gather(
        *(processes[index % 2].answer(user, {sku: 1 + index % 2}, "key") for index in range(10)),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, Invalid) for outcome in outcomes) == 5
    assert len({outcome.body for outcome in outcomes if not isinstance(outcome, BaseException)}) == 1
    assert violations(await shop.audit()) == []


async def test_order_is_cancelled_once(processes: tuple[InProcessShop, InProcessShop]) -> None:
    """16 concurrent cancellations get the same answer, and one of them restocks and refunds."""
    shop = processes[0]
    sku, user = await shop.product(price=70, stock=3), await shop.customer(500)
    order = await shop.order(user, {sku: 2})
    answers = await asyncio.gather(
        *(processes[index % 2].orders.cancel(user, order.id) for index in range(16))
    )
    assert {answer.state for answer in answers} == {OrderState.CANCELLED}
    assert len(set(map(str, answers))) == 1
    assert (await shop.on_hand(sku), await shop.balance(user)) == (3, 500)
    assert violations(await shop.audit()) == []


async def test_wallet_is_never_overdrawn(processes: tuple[InProcessShop, InProcessShop]) -> None:
    """A wallet that covers 5 of 30 concurrent orders pays for exactly 5."""
    shop = processes[0]
    skus = [await shop.product(price=100, stock=100) for _ in range(6)]
    user = await shop.customer(599)
    orders = await asyncio.gather(
        *(processes[index % 2].order(user, {skus[index % 6]: 1}) for index in range(30))
    )
    assert states(orders) == {"CONFIRMED": 5, "payment_declined": 25}
    assert await shop.balance(user) == 99
    assert violations(await shop.audit()) == []


async def test_one_key_tops_up_once(processes: tuple[InProcessShop, InProcessShop]) -> None:
    """Repeated top-ups count once, even if they are concurrent with others and open the wallet."""
    shop = processes[0]
    user = await shop.customer()

    async def top_up(index: int) -> UUID:
        key = "same" if index % 2 else f"own {index}"
        return (await processes[index % 2].wallets.top_up(ADMIN, key, user, 10)).id

    made = await asyncio.gather(*(top_up(index) for index in range(12)))
    assert len(set(made)) == 7
    assert await shop.balance(user) == 70
    assert violations(await shop.audit()) == []


async def test_stock_is_set_while_units_are_sold(processes: tuple[InProcessShop, InProcessShop]) -> None:
    """Units that an administrator sets and units that customers buy concurrently add up (I2)."""
    shop = processes[0]
    sku, user = await shop.product(price=1, stock=5), await shop.customer(1000)
    work = [processes[index % 2].order(user, {sku: 1}) for index in range(20)]
    await asyncio.gather(*work, *(processes[index % 2].stock_service.put(sku, 10) for index in range(5)))
    assert violations(await shop.audit()) == []


async def test_concurrent_orders_and_cancellations_keep_all_invariants(
    processes: tuple[InProcessShop, InProcessShop],
) -> None:
    """Clients place, repeat and cancel orders concurrently, on few products and wallets."""
    shop = processes[0]
    skus = [await shop.product(price=price, stock=12) for price in (3, 20, 150)]
    users = [await shop.customer(1500) for _ in range(3)]

    async def client(number: int) -> None:
        process, user = processes[number % 2], users[number % 3]
        for step in range(6):
            chosen = (skus if step % 2 else skus[::-1])[: 1 + step % 3]
            wanted = dict.fromkeys(chosen, 1 + (number + step) % 2)
            answer = await process.answer(user, wanted, f"{number} {step}")
            assert (await process.answer(user, wanted, f"{number} {step}")).body == answer.body
            order = await process.orders.read(user, answer.order_id)
            if step % 3 == 1 and order.state == OrderState.CONFIRMED:
                await process.orders.cancel(user, order.id)

    await asyncio.gather(*map(client, range(8)))
    assert violations(await shop.audit()) == []


async def test_deadlock_is_retried(connect: Callable[[], Database]) -> None:
    """If two transactions lock two rows crosswise, the database aborts one, and its retry succeeds."""
    database, other = connect(), connect()
    shop = InProcessShop(database)
    skus = [await shop.product(stock=0), await shop.product(stock=0)]
    # SQLite has one writing transaction at a time, so the second one never gets that far.
    crosswise = database.engine.dialect.name != "sqlite"
    both_hold_one = asyncio.Barrier(2)
    tries: list[str] = []

    @retry_conflicts
    async def fill(database: Database, first: str, second: str) -> None:
        tries.append(first)
        async with database.transaction() as transaction:
            await transaction.execute(one_more(first))
            if crosswise and tries.count(first) == 1:
                await both_hold_one.wait()
            await transaction.execute(one_more(second))

    def one_more(sku: str) -> sa.Update:
        return sa.update(stock).where(stock.c.sku == sku).values(on_hand=stock.c.on_hand + 1)

    await asyncio.gather(fill(database, *skus), fill(other, *skus[::-1]))
    assert [await shop.on_hand(sku) for sku in skus] == [2, 2]
    assert len(tries) == (3 if crosswise else 2)

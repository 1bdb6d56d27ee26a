"""Placing and cancelling: everything happens, or nothing does."""

from collections.abc import Callable

import pytest

from ...chassis.database import Database
from ...chassis.problems import Conflict, Invalid, NotFound
from ...orders.book import OrderBook
from ...orders.domain import Reason, State
from .market import Market, violations


@pytest.fixture
async def market(database: Database) -> Market:
    """A shop without products."""
    return Market(database)


async def test_confirmed_order_takes_units_and_money(market: Market) -> None:
    """Stock and wallet shrink by what was ordered, and one debit tells of it."""
    chair, table = await market.product(250, stock=10), await market.product(1000, stock=5)
    user = await market.customer(5000)
    order = await market.order(user, {table: 1, chair: 3})
    assert (order.state, order.reason, order.total.amount) == (State.CONFIRMED, None, 1750)
    assert [line.sku for line in order.items] == [table, chair]
    assert (await market.on_hand(chair), await market.on_hand(table)) == (7, 4)
    assert await market.balance(user) == 3250
    paid = await market.wallets.payments(user, order.id)
    assert [(payment.kind, payment.amount.amount) for payment in paid] == [("debit", 1750)]
    assert await market.orders.read(user, order.id) == order


async def test_order_without_stock_takes_nothing(market: Market) -> None:
    """The SKU that is there is free again, whichever of the two comes first."""
    there, short = await market.product(stock=10), await market.product(stock=1)
    user = await market.customer(5000)
    order = await market.order(user, {there: 1, short: 2})
    assert (order.state, order.reason) == (State.REJECTED, Reason.OUT_OF_STOCK)
    assert (await market.on_hand(there), await market.on_hand(short)) == (10, 1)
    assert await market.balance(user) == 5000


async def test_order_without_money_takes_nothing(market: Market) -> None:
    """Reserved units are free again."""
    sku, user = await market.product(1000, stock=3), await market.customer(1999)
    order = await market.order(user, {sku: 2})
    assert (order.state, order.reason) == (State.REJECTED, Reason.PAYMENT_DECLINED)
    assert (await market.on_hand(sku), await market.balance(user)) == (3, 1999)
    assert await market.wallets.payments(user, order.id) == []


async def test_unknown_product_makes_no_order(market: Market) -> None:
    """Nothing is stored, and the key is free for a better request."""
    user = await market.customer(1000)
    with pytest.raises(Invalid, match="NOTHING"):
        await market.order(user, {"NOTHING": 1}, "key")
    assert (await market.order(user, {await market.product(): 1}, "key")).state == State.CONFIRMED


async def test_repetition_answers_the_same_bytes(market: Market) -> None:
    """Also when the order has changed since."""
    sku, user = await market.product(stock=5), await market.customer(1000)
    first = await market.answer(user, {sku: 1}, "key")
    await market.orders.cancel(user, first.order_id)
    again = await market.answer(user, {sku: 1}, "key")
    assert (again.body, again.order_id, again.replayed) == (first.body, first.order_id, True)
    assert await market.on_hand(sku) == 5
    with pytest.raises(Invalid, match="another request"):
        await market.answer(user, {sku: 2}, "key")


async def test_confirmed_cart_order_takes_its_items_out(market: Market) -> None:
    """What else is in the cart stays; a repetition with the now empty cart is the same order."""
    sku, user = await market.product(stock=5), await market.customer(1000)
    await market.carts.put(user, sku, 2)
    first = await market.answer(user, None, "key")
    assert await market.carts.quantities(user) == {}
    assert (await market.answer(user, None, "key")).order_id == first.order_id
    with pytest.raises(Invalid, match="nothing in the cart"):
        await market.answer(user, None, "other")


async def test_rejected_cart_order_leaves_the_cart(market: Market) -> None:
    """So that it can be changed and tried again."""
    sku, user = await market.product(stock=1), await market.customer(1000)
    await market.carts.put(user, sku, 2)
    assert (await market.order(user, None)).state == State.REJECTED
    assert await market.carts.quantities(user) == {sku: 2}


async def test_cancelled_order_gives_everything_back_once(market: Market) -> None:
    """A second cancellation answers the same and moves nothing."""
    sku, user = await market.product(300, stock=4), await market.customer(1000)
    order = await market.order(user, {sku: 3})
    cancelled = await market.orders.cancel(user, order.id)
    assert cancelled.state == State.CANCELLED
    assert cancelled.updated_at > order.updated_at
    assert await market.orders.cancel(user, order.id) == cancelled
    assert (await market.on_hand(sku), await market.balance(user)) == (4, 1000)
    paid = await market.wallets.payments(user, order.id)
    assert [(payment.kind, payment.amount.amount) for payment in paid] == [("debit", 900), ("refund", 900)]


async def test_rejected_order_cannot_be_cancelled(market: Market) -> None:
    """It has nothing to give back."""
    sku, user = await market.product(stock=0), await market.customer()
    order = await market.order(user, {sku: 1})
    with pytest.raises(Conflict, match="rejected"):
        await market.orders.cancel(user, order.id)


async def test_nobody_sees_the_order_of_another(market: Market) -> None:
    """Neither to read nor to cancel nor in a list."""
    sku, user, other = await market.product(), await market.customer(1000), await market.customer()
    order = await market.order(user, {sku: 1})
    with pytest.raises(NotFound):
        await market.orders.read(other, order.id)
    with pytest.raises(NotFound):
        await market.orders.cancel(other, order.id)
    assert (await market.orders.page(other, None, 20)).items == []


async def test_failure_in_the_middle_leaves_nothing(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error after reserving, paying and committing undoes all three."""
    sku, user = await market.product(stock=5), await market.customer(1000)

    async def fail(*_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(OrderBook, "add", fail)
        with pytest.raises(OSError, match="disk"):
            await market.order(user, {sku: 1}, "key")
    assert (await market.on_hand(sku), await market.balance(user)) == (5, 1000)
    assert (await market.order(user, {sku: 1}, "key")).state == State.CONFIRMED


async def test_story_of_all_kinds_of_orders_passes_the_audit(
    connect: Callable[[], Database],
) -> None:
    """Confirmed, rejected for both reasons and cancelled ones together keep every invariant."""
    market = Market(connect())
    sku, rich, poor = await market.product(stock=5), await market.customer(1000), await market.customer(1)
    cancelled = await market.order(rich, {sku: 2})
    await market.orders.cancel(rich, cancelled.id)
    states = [
        (await market.order(user, {sku: units})).state for user, units in ((rich, 3), (poor, 1), (rich, 9))
    ]
    assert states == [State.CONFIRMED, State.REJECTED, State.REJECTED]
    report = await market.audit()
    assert violations(report) == []
    assert report.counts["orders_cancelled"] == 1
    assert report.counts["messages"] == 5

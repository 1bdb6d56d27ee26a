"""Tests of placing and cancelling orders: all of their effects happen, or none."""

import pytest

from chassis.db.database import Database
from chassis.http.problems import Conflict, Invalid, NotFound

from ...orders.domain import OrderState, RejectionReason
from ...orders.repository import OrderRepository
from .in_process_shop import InProcessShop


@pytest.fixture
async def shop(database: Database) -> InProcessShop:
    """A shop without products."""
    return InProcessShop(database)


async def test_confirmed_order_takes_units_and_money(shop: InProcessShop) -> None:
    """Stock and balance decrease by what was ordered, and one debit records the payment."""
    chair, table = await shop.product(250, stock=10), await shop.product(1000, stock=5)
    user = await shop.customer(5000)
    order = await shop.order(user, {table: 1, chair: 3})
    assert (order.state, order.reason, order.total.amount) == (OrderState.CONFIRMED, None, 1750)
    assert [line.sku for line in order.items] == [table, chair]
    assert (await shop.on_hand(chair), await shop.on_hand(table)) == (7, 4)
    assert await shop.balance(user) == 3250
    paid = await shop.wallets.payments(user, order.id)
    assert [(payment.kind, payment.amount.amount) for payment in paid] == [("debit", 1750)]
    assert await shop.orders.read(user, order.id) == order


async def test_order_without_stock_takes_nothing(shop: InProcessShop) -> None:
    """If one SKU is short, the units of the other are free again, whichever of them comes first."""
    there, short = await shop.product(stock=10), await shop.product(stock=1)
    user = await shop.customer(5000)
    order = await shop.order(user, {there: 1, short: 2})
    assert (order.state, order.reason) == (OrderState.REJECTED, RejectionReason.OUT_OF_STOCK)
    assert (await shop.on_hand(there), await shop.on_hand(short)) == (10, 1)
    assert await shop.balance(user) == 5000


async def test_order_without_money_takes_nothing(shop: InProcessShop) -> None:
    """Reserved units are released when the payment is declined."""
    sku, user = await shop.product(1000, stock=3), await shop.customer(1999)
    order = await shop.order(user, {sku: 2})
    assert (order.state, order.reason) == (OrderState.REJECTED, RejectionReason.PAYMENT_DECLINED)
    assert (await shop.on_hand(sku), await shop.balance(user)) == (3, 1999)
    assert await shop.wallets.payments(user, order.id) == []


async def test_unknown_product_places_no_order(shop: InProcessShop) -> None:
    """Nothing is stored, and the idempotency key can be used again."""
    user = await shop.customer(1000)
    with pytest.raises(Invalid, match="NOTHING"):
        await shop.order(user, {"NOTHING": 1}, "key")
    assert (await shop.order(user, {await shop.product(): 1}, "key")).state == OrderState.CONFIRMED


async def test_repeated_request_gets_the_same_bytes(shop: InProcessShop) -> None:
    """The response stays the same even if the order has changed since."""
    sku, user = await shop.product(stock=5), await shop.customer(1000)
    first = await shop.answer(user, {sku: 1}, "key")
    await shop.orders.cancel(user, first.order_id)
    again = await shop.answer(user, {sku: 1}, "key")
    assert (again.body, again.order_id, again.replayed) == (first.body, first.order_id, True)
    assert await shop.on_hand(sku) == 5
    with pytest.raises(Invalid, match="another request"):
        await shop.answer(user, {sku: 2}, "key")


async def test_confirmed_cart_order_empties_the_cart(shop: InProcessShop) -> None:
    """A repetition gets the same order, although the cart is empty by then."""
    sku, user = await shop.product(stock=5), await shop.customer(1000)
    await shop.carts.put(user, sku, 2)
    first = await shop.answer(user, None, "key")
    assert await shop.carts.items(user) == {}
    assert (await shop.answer(user, None, "key")).order_id == first.order_id
    with pytest.raises(Invalid, match="cart is empty"):
        await shop.answer(user, None, "other")


async def test_rejected_cart_order_keeps_the_cart(shop: InProcessShop) -> None:
    """The user can change the cart and order again."""
    sku, user = await shop.product(stock=1), await shop.customer(1000)
    await shop.carts.put(user, sku, 2)
    assert (await shop.order(user, None)).state == OrderState.REJECTED
    assert {each: item.quantity for each, item in (await shop.carts.items(user)).items()} == {sku: 2}


async def test_cancelled_order_is_restocked_and_refunded_once(shop: InProcessShop) -> None:
    """A second cancellation gets the same answer and changes nothing."""
    sku, user = await shop.product(300, stock=4), await shop.customer(1000)
    order = await shop.order(user, {sku: 3})
    cancelled = await shop.orders.cancel(user, order.id)
    assert cancelled.state == OrderState.CANCELLED
    assert cancelled.updated_at > order.updated_at
    assert await shop.orders.cancel(user, order.id) == cancelled
    assert (await shop.on_hand(sku), await shop.balance(user)) == (4, 1000)
    paid = await shop.wallets.payments(user, order.id)
    assert [(payment.kind, payment.amount.amount) for payment in paid] == [("debit", 900), ("refund", 900)]


async def test_rejected_order_cannot_be_cancelled(shop: InProcessShop) -> None:
    """A rejected order has nothing to restock or refund."""
    sku, user = await shop.product(stock=0), await shop.customer()
    order = await shop.order(user, {sku: 1})
    with pytest.raises(Conflict, match="rejected"):
        await shop.orders.cancel(user, order.id)


async def test_orders_are_private(shop: InProcessShop) -> None:
    """Another user can neither read nor cancel nor list an order."""
    sku, user, other = await shop.product(), await shop.customer(1000), await shop.customer()
    order = await shop.order(user, {sku: 1})
    with pytest.raises(NotFound):
        await shop.orders.read(other, order.id)
    with pytest.raises(NotFound):
        await shop.orders.cancel(other, order.id)
    assert (await shop.orders.page(other, None, 20)).items == []


async def test_failure_rolls_everything_back(shop: InProcessShop, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error after reserving, paying and committing undoes all three."""
    sku, user = await shop.product(stock=5), await shop.customer(1000)

    async def fail(*_: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as patched:
        patched.setattr(OrderRepository, "add", fail)
        with pytest.raises(OSError, match="disk"):
            await shop.order(user, {sku: 1}, "key")
    assert (await shop.on_hand(sku), await shop.balance(user)) == (5, 1000)
    assert (await shop.order(user, {sku: 1}, "key")).state == OrderState.CONFIRMED

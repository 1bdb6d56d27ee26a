"""Orders: the states, prices, validation, and the long poll."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

import pytest

from .caller import TERMINAL, User
from .conventions import TIME, UUID7, assert_invalid, assert_problem
from .market import Market, comes_to


def post(user: User, body: Any) -> Any:
    """POST any body as an order under a new key."""
    return user.post("/v1/orders", json=body, headers={"Idempotency-Key": str(uuid4())})


def test_order_is_accepted_with_its_location(alice: User, market: Market) -> None:
    """202, Location, and the order in the form in which it is read later."""
    sku = market.product(price=250)
    response = alice.place({sku: 3})
    order = response.json()
    assert response.headers["location"].endswith(f"/v1/orders/{order['id']}")
    assert UUID7.fullmatch(order["id"])
    assert order["state"] in {"PENDING", "CONFIRMED"}
    assert order["reason"] is None
    assert order["items"] == [{"sku": sku, "quantity": 3, "unit_price": market.money(250)}]
    assert order["total"] == market.money(750)
    assert TIME.fullmatch(order["created_at"])
    assert TIME.fullmatch(order["updated_at"])
    settled = alice.settled(order["id"])
    assert settled.keys() == order.keys()
    changing = {"state", "updated_at"}
    assert {key: order[key] for key in order.keys() - changing} == {
        key: settled[key] for key in settled.keys() - changing
    }
    assert settled["updated_at"] >= order["created_at"]


def test_confirmed_order_moves_stock_and_money_once(alice: User, market: Market) -> None:
    """CONFIRMED: the units have left the shelf, the total has left the wallet, in one debit."""
    sku, before = market.product(price=250, stock=10), alice.balance()
    order = alice.order({sku: 3})
    assert (order["state"], order["reason"]) == ("CONFIRMED", None)
    comes_to(lambda: market.stock(sku), (7, 0))
    comes_to(lambda: before - alice.balance(), 750)
    assert alice.payments(order["id"]) == [("debit", 750)]


def test_order_of_several_products_sums_them(alice: User, market: Market) -> None:
    """The total is the sum of quantity times unit price."""
    quantities = {market.product(price=price): quantity for price, quantity in ((1, 7), (99, 2), (1000, 1))}
    order = alice.order(quantities)
    assert {item["sku"]: item["quantity"] for item in order["items"]} == quantities
    assert order["total"] == market.money(7 + 198 + 1000)


def test_order_without_stock_is_rejected(alice: User, market: Market) -> None:
    """REJECTED out_of_stock: nothing moves, not even the part that was there."""
    there, short, before = market.product(stock=10), market.product(stock=1), alice.balance()
    order = alice.order({there: 1, short: 2})
    assert (order["state"], order["reason"]) == ("REJECTED", "out_of_stock")
    comes_to(lambda: (market.stock(there), market.stock(short)), ((10, 0), (1, 0)))
    assert alice.balance() == before
    assert alice.payments(order["id"]) == []


def test_product_that_was_never_stocked_is_out_of_stock(alice: User, market: Market) -> None:
    """A product in the catalogue without a stock row can be ordered, not bought."""
    assert alice.order({market.product(stock=None): 1})["reason"] == "out_of_stock"


def test_order_without_money_is_rejected(market: Market) -> None:
    """REJECTED payment_declined: the units go back, the wallet keeps what it has; one unit less is bought."""
    sku, poor = market.product(price=100, stock=5), market.customer(balance=299)
    order = poor.order({sku: 3})
    assert (order["state"], order["reason"]) == ("REJECTED", "payment_declined")
    comes_to(lambda: market.stock(sku), (5, 0))
    assert poor.balance() == 299
    assert poor.payments(order["id"]) == []
    assert poor.order({sku: 2})["state"] == "CONFIRMED"
    comes_to(poor.balance, 99)


def test_order_has_the_newest_price(alice: User, market: Market) -> None:
    """An order is priced from the newest committed price, at once, whatever a cache still says."""
    sku = market.product(price=100)
    for price in (200, 300, 400):
        alice.get(f"/v1/products/{sku}")
        changed = market.admin.patch(f"/v1/products/{sku}", json={"price": market.money(price)})
        assert changed.status_code == 200
        assert alice.place({sku: 1}).json()["total"] == market.money(price)


def test_order_keeps_the_price_it_was_placed_at(alice: User, market: Market) -> None:
    """A later price does not change an order."""
    sku = market.product(price=100)
    order = alice.order({sku: 2})
    market.admin.patch(f"/v1/products/{sku}", json={"price": market.money(900)})
    assert alice.settled(order["id"]) == order


def test_ended_orders_stay_as_they_are(alice: User, market: Market) -> None:
    """A terminal state is final (I7): what is read a second later is the same, for each kind of end."""
    sku, gone = market.product(), market.product(stock=0)
    ended = [alice.order({sku: 1}) for _ in range(5)] + [alice.order({gone: 1}) for _ in range(3)]
    time.sleep(1)
    assert [alice.settled(order["id"]) for order in ended] == ended


def test_unknown_product_is_refused_and_nothing_ordered(alice: User, market: Market) -> None:
    """422 `unknown-product`, also when the other items are known."""
    sku = market.product(stock=5)
    assert_problem(alice.place({sku: 1, market.name(): 1}, expect=None), 422, "unknown-product")
    assert market.stock(sku) == (5, 0)


@pytest.mark.parametrize("quantity", [0, -1, 1001, 10**30, 1.5, "2", True, None, [1], {"$gt": 0}])
def test_quantity_is_1_to_1000(alice: User, market: Market, quantity: object) -> None:
    """A quantity out of bounds or of another type is refused by its pointer."""
    items = [{"sku": market.name(), "quantity": 1}, {"sku": market.name(), "quantity": quantity}]
    assert_invalid(post(alice, {"items": items}), "/items/1/quantity")


def test_order_has_1_to_50_items_each_sku_once(alice: User, market: Market) -> None:
    """No items, 51 items and a SKU twice are refused."""
    item = {"sku": market.product(), "quantity": 1}
    many = [{"sku": market.name(), "quantity": 1} for _ in range(51)]
    for items in ([], many, [item, item]):
        assert_problem(post(alice, {"items": items}), 422, "validation")


@pytest.mark.parametrize("field", ["user_id", "total", "state", "price"])
def test_customer_cannot_set_what_the_shop_decides(alice: User, market: Market, field: str) -> None:
    """Price, state and owner are not taken from the body, nor from an item."""
    item = {"sku": market.product(), "quantity": 1}
    assert_invalid(post(alice, {"items": [item], field: 1}), f"/{field}")
    assert_invalid(post(alice, {"items": [{**item, field: 1}]}), f"/items/0/{field}")


@pytest.mark.parametrize("order_id", ["01890a5d-ac96-774b-bcce-b302099a8057", "1", "x' OR 1=1", "%00", "ü"])
def test_unknown_order_is_not_found(alice: User, order_id: str) -> None:
    """An id that names no order of the caller is 404, whatever it looks like."""
    assert_problem(alice.get(f"/v1/orders/{order_id}"), 404, "not-found")
    assert_problem(alice.cancel(order_id), 404, "not-found")


def test_long_poll_ends_when_the_order_does(alice: User, market: Market) -> None:
    """?wait=30 answers as soon as the order is terminal, and at once when it is already."""
    order_id = alice.place({market.product(): 1}).json()["id"]
    assert alice.get(f"/v1/orders/{order_id}", params={"wait": 30}).json()["state"] in TERMINAL
    started = time.monotonic()
    assert alice.get(f"/v1/orders/{order_id}", params={"wait": 30}).json()["state"] == "CONFIRMED"
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("wait", ["-1", "31", "x", "1e9", "nan"])
def test_wait_is_0_to_30_seconds(alice: User, market: Market, wait: str) -> None:
    """A wait out of bounds is refused."""
    order = alice.order({market.product(): 1})
    assert_problem(alice.get(f"/v1/orders/{order['id']}", params={"wait": wait}), 422, "validation")

"""Orders: the states, prices, validation, and the long poll."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

import pytest

from .client import TERMINAL, User
from .conventions import TIME, UUID7, assert_invalid, assert_problem
from .seeder import Seeder, assert_eventually


def post(user: User, body: Any) -> Any:
    """POST any body as an order under a new key."""
    return user.post("/v1/orders", json=body, headers={"Idempotency-Key": str(uuid4())})


def test_order_is_accepted_with_its_location(alice: User, seeder: Seeder) -> None:
    """202, Location, and the order in the form in which it is read later."""
    sku = seeder.product(price=250)
    response = alice.place({sku: 3})
    order = response.json()
    assert response.headers["location"].endswith(f"/v1/orders/{order['id']}")
    assert UUID7.fullmatch(order["id"])
    assert order["state"] in {"PENDING", "CONFIRMED"}
    assert order["reason"] is None
    assert order["items"] == [{"sku": sku, "quantity": 3, "unit_price": seeder.money(250)}]
    assert order["total"] == seeder.money(750)
    assert TIME.fullmatch(order["created_at"])
    assert TIME.fullmatch(order["updated_at"])
    wait_for_end = alice.wait_for_end(order["id"])
    assert wait_for_end.keys() == order.keys()
    changing = {"state", "updated_at"}
    assert {key: order[key] for key in order.keys() - changing} == {
        key: wait_for_end[key] for key in wait_for_end.keys() - changing
    }
    assert wait_for_end["updated_at"] >= order["created_at"]


def test_confirmed_order_moves_stock_and_money_once(alice: User, seeder: Seeder) -> None:
    """CONFIRMED: the units have left the shelf, the total has left the wallet, in one debit."""
    sku, before = seeder.product(price=250, stock=10), alice.balance()
    order = alice.order({sku: 3})
    assert (order["state"], order["reason"]) == ("CONFIRMED", None)
    assert_eventually(lambda: seeder.stock(sku), (7, 0))
    assert_eventually(lambda: before - alice.balance(), 750)
    assert alice.payments(order["id"]) == [("debit", 750)]


def test_order_of_several_products_sums_them(alice: User, seeder: Seeder) -> None:
    """The total is the sum of quantity times unit price."""
    quantities = {seeder.product(price=price): quantity for price, quantity in ((1, 7), (99, 2), (1000, 1))}
    order = alice.order(quantities)
    assert {item["sku"]: item["quantity"] for item in order["items"]} == quantities
    assert order["total"] == seeder.money(7 + 198 + 1000)


def test_order_without_stock_is_rejected(alice: User, seeder: Seeder) -> None:
    """REJECTED out_of_stock: nothing moves, not even the part that was there."""
    there, short, before = seeder.product(stock=10), seeder.product(stock=1), alice.balance()
    order = alice.order({there: 1, short: 2})
    assert (order["state"], order["reason"]) == ("REJECTED", "out_of_stock")
    assert_eventually(lambda: (seeder.stock(there), seeder.stock(short)), ((10, 0), (1, 0)))
    assert alice.balance() == before
    assert alice.payments(order["id"]) == []


def test_product_that_was_never_stocked_is_out_of_stock(alice: User, seeder: Seeder) -> None:
    """A product in the catalogue without a stock row can be ordered, not bought."""
    assert alice.order({seeder.product(stock=None): 1})["reason"] == "out_of_stock"


def test_order_without_money_is_rejected(seeder: Seeder) -> None:
    """REJECTED payment_declined: the units go back, the wallet keeps what it has; one unit less is bought."""
    sku, poor = seeder.product(price=100, stock=5), seeder.customer(balance=299)
    order = poor.order({sku: 3})
    assert (order["state"], order["reason"]) == ("REJECTED", "payment_declined")
    assert_eventually(lambda: seeder.stock(sku), (5, 0))
    assert poor.balance() == 299
    assert poor.payments(order["id"]) == []
    assert poor.order({sku: 2})["state"] == "CONFIRMED"
    assert_eventually(poor.balance, 99)


def test_order_has_the_newest_price(alice: User, seeder: Seeder) -> None:
    """An order is priced from the newest committed price, at once, whatever a cache still says."""
    sku = seeder.product(price=100)
    for price in (200, 300, 400):
        alice.get(f"/v1/products/{sku}")
        changed = seeder.admin.patch(f"/v1/products/{sku}", json={"price": seeder.money(price)})
        assert changed.status_code == 200
        assert alice.place({sku: 1}).json()["total"] == seeder.money(price)


def test_order_keeps_the_price_it_was_placed_at(alice: User, seeder: Seeder) -> None:
    """A later price does not change an order."""
    sku = seeder.product(price=100)
    order = alice.order({sku: 2})
    seeder.admin.patch(f"/v1/products/{sku}", json={"price": seeder.money(900)})
    assert alice.wait_for_end(order["id"]) == order


def test_ended_orders_stay_as_they_are(alice: User, seeder: Seeder) -> None:
    """A terminal state is final (I7): what is read a second later is the same, for each kind of end."""
    sku, gone = seeder.product(), seeder.product(stock=0)
    ended = [alice.order({sku: 1}) for _ in range(5)] + [alice.order({gone: 1}) for _ in range(3)]
    time.sleep(1)
    assert [alice.wait_for_end(order["id"]) for order in ended] == ended


def test_unknown_product_is_refused_and_nothing_ordered(alice: User, seeder: Seeder) -> None:
    """422 `unknown-product`, also when the other items are known."""
    sku = seeder.product(stock=5)
    assert_problem(alice.place({sku: 1, seeder.name(): 1}, expect=None), 422, "unknown-product")
    assert seeder.stock(sku) == (5, 0)


@pytest.mark.parametrize("quantity", [0, -1, 1001, 10**30, 1.5, "2", True, None, [1], {"$gt": 0}])
def test_quantity_is_1_to_1000(alice: User, seeder: Seeder, quantity: object) -> None:
    """A quantity out of bounds or of another type is refused by its pointer."""
    items = [{"sku": seeder.name(), "quantity": 1}, {"sku": seeder.name(), "quantity": quantity}]
    assert_invalid(post(alice, {"items": items}), "/items/1/quantity")


def test_order_has_1_to_50_items_each_sku_once(alice: User, seeder: Seeder) -> None:
    """No items, 51 items and a SKU twice are refused."""
    item = {"sku": seeder.product(), "quantity": 1}
    many = [{"sku": seeder.name(), "quantity": 1} for _ in range(51)]
    for items in ([], many, [item, item]):
        assert_problem(post(alice, {"items": items}), 422, "validation")


@pytest.mark.parametrize("field", ["user_id", "total", "state", "price"])
def test_customer_cannot_set_what_the_shop_decides(alice: User, seeder: Seeder, field: str) -> None:
    """Price, state and owner are not taken from the body, nor from an item."""
    item = {"sku": seeder.product(), "quantity": 1}
    assert_invalid(post(alice, {"items": [item], field: 1}), f"/{field}")
    assert_invalid(post(alice, {"items": [{**item, field: 1}]}), f"/items/0/{field}")


@pytest.mark.parametrize("order_id", ["01890a5d-ac96-774b-bcce-b302099a8057", "1", "x' OR 1=1", "%00", "ü"])
def test_unknown_order_is_not_found(alice: User, order_id: str) -> None:
    """An id that names no order of the caller is 404, whatever it looks like."""
    assert_problem(alice.get(f"/v1/orders/{order_id}"), 404, "not-found")
    assert_problem(alice.cancel(order_id), 404, "not-found")


def test_long_poll_ends_when_the_order_does(alice: User, seeder: Seeder) -> None:
    """?wait=30 answers as soon as the order is terminal, and at once when it is already."""
    order_id = alice.place({seeder.product(): 1}).json()["id"]
    assert alice.get(f"/v1/orders/{order_id}", params={"wait": 30}).json()["state"] in TERMINAL
    started = time.monotonic()
    assert alice.get(f"/v1/orders/{order_id}", params={"wait": 30}).json()["state"] == "CONFIRMED"
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("wait", ["-1", "31", "x", "1e9", "nan"])
def test_wait_is_0_to_30_seconds(alice: User, seeder: Seeder, wait: str) -> None:
    """A wait out of bounds is refused."""
    order = alice.order({seeder.product(): 1})
    assert_problem(alice.get(f"/v1/orders/{order['id']}", params={"wait": wait}), 422, "validation")

"""Orders: the states, prices, validation, and the long poll."""

from __future__ import annotations

import time
from typing import Any
from uuid import uuid4

import pytest

from .client import TERMINAL, User
from .conventions import TIME, UUID7, assert_invalid, assert_problem, problem_code
from .seeder import Seeder, assert_eventually


def post(user: User, body: Any) -> Any:
    """POST any body as an order with a new key."""
    return user.post("/v1/orders", json=body, headers={"Idempotency-Key": str(uuid4())})


def test_order_is_accepted_with_its_location(alice: User, seeder: Seeder) -> None:
    """An accepted order gets 202, its Location, and the same body as a later GET."""
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
    """A confirmed order reduces the stock, and debits its total from the wallet once.

    Double charge: a payment was captured twice (medusajs/medusa#13301).
    """
    sku, before = seeder.product(price=250, stock=10), alice.balance()
    order = alice.order({sku: 3})
    assert (order["state"], order["reason"]) == ("CONFIRMED", None)
    assert_eventually(lambda: seeder.stock(sku), (7, 0))
    assert_eventually(lambda: before - alice.balance(), 750)
    assert alice.payments(order["id"]) == [("debit", 750)]


def test_order_of_several_products_sums_them(alice: User, seeder: Seeder) -> None:
    """The total of an order is the sum of quantity times unit price."""
    quantities = {seeder.product(price=price): quantity for price, quantity in ((1, 7), (99, 2), (1000, 1))}
    order = alice.order(quantities)
    assert {item["sku"]: item["quantity"] for item in order["items"]} == quantities
    assert order["total"] == seeder.money(7 + 198 + 1000)


def test_order_without_stock_is_rejected(alice: User, seeder: Seeder) -> None:
    """An order without enough stock is rejected and changes nothing, not even for items in stock."""
    there, short, before = seeder.product(stock=10), seeder.product(stock=1), alice.balance()
    order = alice.order({there: 1, short: 2})
    assert (order["state"], order["reason"]) == ("REJECTED", "out_of_stock")
    assert_eventually(lambda: (seeder.stock(there), seeder.stock(short)), ((10, 0), (1, 0)))
    assert alice.balance() == before
    assert alice.payments(order["id"]) == []


def test_product_that_was_never_stocked_is_out_of_stock(alice: User, seeder: Seeder) -> None:
    """An order of a product that was never stocked is rejected as out of stock."""
    assert alice.order({seeder.product(stock=None): 1})["reason"] == "out_of_stock"


def test_order_without_money_is_rejected(seeder: Seeder) -> None:
    """An order without enough money is rejected and releases its units; an affordable one is confirmed.

    Stock not restored: an order that was rolled back kept its reservation (medusajs/medusa#13625).
    """
    sku, poor = seeder.product(price=100, stock=5), seeder.customer(balance=299)
    order = poor.order({sku: 3})
    assert (order["state"], order["reason"]) == ("REJECTED", "payment_declined")
    assert_eventually(lambda: seeder.stock(sku), (5, 0))
    assert poor.balance() == 299
    assert poor.payments(order["id"]) == []
    assert poor.order({sku: 2})["state"] == "CONFIRMED"
    assert_eventually(poor.balance, 99)


def test_order_has_the_newest_price(alice: User, seeder: Seeder) -> None:
    """An order uses the latest committed price immediately, even if a cache is outdated."""
    sku = seeder.product(price=100)
    for price in (200, 300, 400):
        alice.get(f"/v1/products/{sku}")
        changed = seeder.admin.patch(f"/v1/products/{sku}", json={"price": seeder.money(price)})
        assert changed.status_code == 200
        assert alice.place({sku: 1}).json()["total"] == seeder.money(price)


def test_expected_total_guards_against_a_changed_price(alice: User, seeder: Seeder) -> None:
    """An order whose total differs from the expected one is refused, and the right total is accepted."""
    sku = seeder.product(price=100, stock=5)
    body = {"items": [{"sku": sku, "quantity": 2}], "expected_total": seeder.money(200)}
    seeder.admin.patch(f"/v1/products/{sku}", json={"price": seeder.money(150)})
    problem = assert_problem(post(alice, body), 409, "total-changed")
    assert "300" in problem["detail"]
    assert seeder.stock(sku) == (5, 0)
    placed = post(alice, {**body, "expected_total": seeder.money(300)})
    assert (placed.status_code, placed.json()["total"]) == (202, seeder.money(300))
    wrong_currency = {"amount": 300, "currency": "XTS"}
    assert_problem(post(alice, {**body, "expected_total": wrong_currency}), 409, "total-changed")


@pytest.mark.parametrize("currency", ["", "EU", "EURO", "E\U0001f4b6"])
def test_currency_has_three_characters(alice: User, seeder: Seeder, currency: str) -> None:
    """The characters of a text are those of Unicode, however many units or bytes they have."""
    total = {"amount": 1, "currency": currency}
    body = {"items": [{"sku": seeder.product(), "quantity": 1}], "expected_total": total}
    assert_invalid(post(alice, body), "/expected_total/currency")


def test_expected_total_guards_against_a_changed_cart(alice: User, seeder: Seeder) -> None:
    """What is put into the cart after the customer saw its total is not ordered."""
    first, second = seeder.product(price=100), seeder.product(price=70)
    alice.put(f"/v1/cart/items/{first}", json={"quantity": 1})
    alice.put(f"/v1/cart/items/{second}", json={"quantity": 1})
    assert_problem(post(alice, {"expected_total": seeder.money(100)}), 409, "total-changed")
    assert post(alice, {"expected_total": seeder.money(170)}).status_code == 202


def test_order_keeps_the_price_it_was_placed_at(alice: User, seeder: Seeder) -> None:
    """A later price does not change an order."""
    sku = seeder.product(price=100)
    order = alice.order({sku: 2})
    seeder.admin.patch(f"/v1/products/{sku}", json={"price": seeder.money(900)})
    assert alice.wait_for_end(order["id"]) == order


def test_ended_orders_stay_as_they_are(alice: User, seeder: Seeder) -> None:
    """Orders in each terminal state are unchanged a second later (I7)."""
    sku, gone = seeder.product(), seeder.product(stock=0)
    ended = [alice.order({sku: 1}) for _ in range(5)] + [alice.order({gone: 1}) for _ in range(3)]
    time.sleep(1)
    assert [alice.wait_for_end(order["id"]) for order in ended] == ended


def test_unknown_product_is_refused_and_nothing_ordered(alice: User, seeder: Seeder) -> None:
    """An order with an unknown product is refused with 422, even if its other items are known."""
    sku = seeder.product(stock=5)
    assert_problem(alice.place({sku: 1, seeder.name(): 1}, expect=None), 422, "unknown-product")
    assert seeder.stock(sku) == (5, 0)


@pytest.mark.parametrize("quantity", [0, -1, 1001, 10**30, 1.5, "2", True, None, [1], {"$gt": 0}])
def test_quantity_is_1_to_1000(alice: User, seeder: Seeder, quantity: object) -> None:
    """A quantity that is out of range or of another type is refused with its JSON pointer.

    Quantity: an order with a quantity of 0 was accepted (marellocommerce/marello#51, spree/spree#7589).
    Quantity: a negative quantity made a negative total (Universal-Commerce-Protocol/samples#194).
    Integer overflow: a large quantity was an internal error (saleor/saleor#12771).
    """
    items = [{"sku": seeder.name(), "quantity": 1}, {"sku": seeder.name(), "quantity": quantity}]
    assert_invalid(post(alice, {"items": items}), "/items/1/quantity")


def test_order_has_1_to_50_items_each_sku_once(alice: User, seeder: Seeder) -> None:
    """Orders with no items, 51 items or a duplicate SKU are refused.

    Lost update: of two lines with one product, the stock counted only the second
    (vendurehq/vendure#1028).
    """
    item = {"sku": seeder.product(), "quantity": 1}
    many = [{"sku": seeder.name(), "quantity": 1} for _ in range(51)]
    for items in ([], many, [item, item]):
        assert_problem(post(alice, {"items": items}), 422, "validation")


@pytest.mark.parametrize("field", ["user_id", "total", "state", "price"])
def test_customer_cannot_set_what_the_shop_decides(alice: User, seeder: Seeder, field: str) -> None:
    """Price, state and owner in the body or in an item are refused."""
    item = {"sku": seeder.product(), "quantity": 1}
    assert_invalid(post(alice, {"items": [item], field: 1}), f"/{field}")
    assert_invalid(post(alice, {"items": [{**item, field: 1}]}), f"/items/0/{field}")


@pytest.mark.parametrize("order_id", ["01890a5d-ac96-774b-bcce-b302099a8057", "1", "x' OR 1=1", "ü"])
def test_unknown_order_is_not_found(alice: User, order_id: str) -> None:
    """An unknown or malformed order ID gets 404.

    Internal error: an ID was not a UUID (saleor/saleor#12160).
    """
    assert_problem(alice.get(f"/v1/orders/{order_id}"), 404, "not-found")
    assert_problem(alice.cancel(order_id), 404, "not-found")


def test_nul_in_a_path_is_refused(alice: User) -> None:
    """A zero byte is in no order ID. Load balancers refuse it before the shop can look."""
    for response in (alice.get("/v1/orders/%00"), alice.cancel("%00")):
        assert (response.status_code, problem_code(response)) in {(400, "bad-request"), (404, "not-found")}


def test_long_poll_ends_when_the_order_does(alice: User, seeder: Seeder) -> None:
    """?wait=30 responds as soon as the order is terminal, or immediately if it already is."""
    order_id = alice.place({seeder.product(): 1}).json()["id"]
    assert alice.get(f"/v1/orders/{order_id}", params={"wait": 30}).json()["state"] in TERMINAL
    started = time.monotonic()
    assert alice.get(f"/v1/orders/{order_id}", params={"wait": 30}).json()["state"] == "CONFIRMED"
    assert time.monotonic() - started < 10


@pytest.mark.parametrize("wait", ["-1", "31", "x", "1e9", "nan"])
def test_wait_is_0_to_30_seconds(alice: User, seeder: Seeder, wait: str) -> None:
    """A wait that is out of range is refused."""
    order = alice.order({seeder.product(): 1})
    assert_problem(alice.get(f"/v1/orders/{order['id']}", params={"wait": wait}), 422, "validation")

"""Bug reports of other shops, replayed: carts and orders."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx2
import pytest

from .cart import content, put
from .client import User
from .conventions import assert_invalid
from .paging import walk
from .seeder import VISIBLE_SECONDS, Seeder, assert_eventually
from .simultaneous import send_simultaneously

UNITS = 50


@pytest.fixture
def buyer(seeder: Seeder) -> User:
    """A new customer with money and an empty cart."""
    return seeder.customer(balance=100_000)


def confirmed(user: User, answers: list[httpx2.Response]) -> list[dict[str, Any]]:
    """Return the confirmed orders among the answers to several orders of one cart."""
    assert {answer.status_code for answer in answers} <= {202, 409, 422}
    ends = [user.wait_for_end(answer.json()["id"]) for answer in answers if answer.status_code == 202]
    return [end for end in ends if end["state"] == "CONFIRMED"]


def assert_bought_once(buyer: User, seeder: Seeder, sku: str, answers: list[httpx2.Response]) -> None:
    """Assert that a cart of two units at 100 each was bought once, and is empty."""
    assert len(confirmed(buyer, answers)) == 1
    assert_eventually(lambda: seeder.stock(sku), (UNITS - 2, 0))
    assert_eventually(lambda: (buyer.balance(), content(buyer)), (100_000 - 200, {}))


def test_cart_in_two_tabs_is_ordered_once(buyer: User, seeder: Seeder) -> None:
    """A cart that two tabs order one after the other, each with its own key, is bought once.

    Cart bought twice: the second tab still had the cart as it was before the first order
    (shopware/shopware#19943).
    """
    sku = seeder.product(price=100, stock=UNITS)
    put(buyer, sku, 2)
    assert_bought_once(buyer, seeder, sku, [buyer.place(None, expect=None) for _ in range(2)])


def test_cart_is_ordered_once_by_many_requests(buyer: User, seeder: Seeder) -> None:
    """A cart that eight requests order at the same moment, each with its own key, is bought once.

    Cart bought twice: checkout requests that came at the same time each created an order
    (woocommerce/woocommerce#62659).
    """
    sku = seeder.product(price=100, stock=UNITS)
    put(buyer, sku, 2)
    answers = send_simultaneously(buyer, [buyer.place_request(None) for _ in range(8)])
    assert_bought_once(buyer, seeder, sku, answers)


def test_product_added_during_checkout_is_paid_or_stays(buyer: User, seeder: Seeder) -> None:
    """A product that is put into the cart during checkout is either ordered and paid, or still in the cart.

    Cart changed during checkout: the order was completed with a product that nobody had paid for, and
    without taking stock (spree/spree#11286).
    """
    first, late = seeder.product(price=100, stock=UNITS), seeder.product(price=7, stock=UNITS)
    assert_eventually(lambda: buyer.get(f"/v1/products/{late}").status_code, 200, VISIBLE_SECONDS)
    for _ in range(4):
        before = buyer.balance()
        put(buyer, first, 1)
        add = buyer.build("PUT", f"/v1/cart/items/{late}", json={"quantity": 3})
        order, added = send_simultaneously(buyer, [buyer.place_request(None), add])
        assert added.status_code == 200, added.text
        end = buyer.wait_for_end(order.json()["id"])
        ordered = {item["sku"]: item["quantity"] for item in end["items"]}
        assert ordered in ({first: 1}, {first: 1, late: 3})
        assert_eventually(lambda: content(buyer), {} if late in ordered else {late: 3})
        assert_eventually(lambda: before - buyer.balance(), 121 if late in ordered else 100)  # noqa: B023
        buyer.delete("/v1/cart")


def test_products_added_at_once_are_all_in_the_cart(buyer: User, seeder: Seeder) -> None:
    """Eight products that are put into the cart at the same moment are all in it.

    Cart item lost: each request saved the cart that it had read, without the items of the others
    (shopware/shopware#8724).
    """
    skus = [seeder.product(stock=None) for _ in range(8)]
    assert_eventually(lambda: buyer.get(f"/v1/products/{skus[-1]}").status_code, 200, VISIBLE_SECONDS)
    requests = [buyer.build("PUT", f"/v1/cart/items/{sku}", json={"quantity": 1}) for sku in skus]
    answers = send_simultaneously(buyer, requests)
    assert {answer.status_code for answer in answers} == {200}
    assert content(buyer) == dict.fromkeys(skus, 1)


def test_refused_quantity_leaves_the_cart(buyer: User, seeder: Seeder) -> None:
    """A quantity that is refused leaves the item as it was, also when the cart is read again.

    Quantity: the error was returned, but the refused quantity was saved (vendurehq/vendure#1023).
    Quantity: a huge number was saved, and the cart could no longer be read (pimcore/demo#262).
    """
    sku = seeder.product(stock=None)
    put(buyer, sku, 2)
    for quantity in (0, -1, 1001, 2**31, 2**63, 2**64):
        assert_invalid(buyer.put(f"/v1/cart/items/{sku}", json={"quantity": quantity}), "/quantity")
        assert content(buyer) == {sku: 2}


def test_cart_order_has_the_newest_price(buyer: User, seeder: Seeder) -> None:
    """A cart is ordered at the current price, not at the price when it was filled or last shown.

    Price changed between cart and order: a cart that was not touched again was sold at the old price
    (spree/spree#11801, vendurehq/vendure#3510).
    """
    sku = seeder.product(price=100, stock=UNITS)
    put(buyer, sku, 3)
    assert buyer.get("/v1/cart").json()["total"] == seeder.money(300)
    response = seeder.admin.patch(f"/v1/products/{sku}", json={"price": seeder.money(150)})
    assert response.status_code == 200, response.text
    assert buyer.order(None)["total"] == seeder.money(450)
    assert_eventually(buyer.balance, 100_000 - 450)


def test_orders_of_the_same_moment_are_each_listed_once(buyer: User, seeder: Seeder) -> None:
    """Orders placed at the same moment appear exactly once on all pages together, whatever their size.

    Pagination with equal keys: rows of one date came on two pages, and others on none
    (woocommerce/woocommerce#33386).
    """
    sku = seeder.product(price=1, stock=UNITS)
    answers = send_simultaneously(buyer, [buyer.place_request({sku: 1}) for _ in range(12)])
    placed = sorted(answer.json()["id"] for answer in answers)
    assert len(set(placed)) == 12
    for limit in (1, 3, 5, 12):
        assert_eventually(
            lambda: sorted(order["id"] for order in walk(buyer, "/v1/orders", limit)),  # noqa: B023
            placed,
        )


def test_order_and_payment_are_dated_in_utc(buyer: User, seeder: Seeder) -> None:
    """The times of an order and its payment are UTC, whatever the time zones of server and database.

    Time zone: the time of an order was local time, labeled as UTC (woocommerce/woocommerce#34874).
    Time zone: the time depended on how the time zone was spelled in the settings
    (woocommerce/woocommerce#13887).
    """
    order = buyer.order({seeder.product(): 1})
    assert_eventually(lambda: len(buyer.payments(order["id"])), 1)
    payment = buyer.get("/v1/payments", params={"order_id": order["id"]}).json()["items"][0]
    for moment in (order["created_at"], order["updated_at"], payment["created_at"]):
        age = datetime.now(UTC) - datetime.fromisoformat(moment.replace("Z", "+00:00"))
        assert abs(age) < timedelta(minutes=10), moment

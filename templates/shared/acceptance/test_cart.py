"""Cart: items, totals, limits, and orders placed from it."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest

from .cart import content, put
from .client import User
from .conventions import assert_invalid, assert_problem
from .seeder import VISIBLE_SECONDS, Seeder, assert_eventually
from .simultaneous import send_simultaneously


@pytest.fixture(autouse=True)
def empty_cart(alice: User) -> Iterator[None]:
    """Empty the cart before and after each test."""
    alice.delete("/v1/cart")
    yield
    alice.delete("/v1/cart")


def test_new_cart_is_empty(alice: User, seeder: Seeder) -> None:
    """A new user has an empty cart with a total of 0."""
    assert alice.get("/v1/cart").json() == {"items": [], "total": seeder.money(0)}


def test_cart_shows_names_prices_and_total(alice: User, seeder: Seeder) -> None:
    """A cart lists name, quantity and unit price of each product, and the total."""
    chair, table = seeder.product(price=250, name="Chair"), seeder.product(price=1999, name="Table")
    put(alice, chair, 4)
    put(alice, table, 1)
    cart = alice.get("/v1/cart").json()
    assert sorted(cart["items"], key=lambda item: str(item["sku"])) == [
        {"sku": chair, "name": "Chair", "quantity": 4, "unit_price": seeder.money(250)},
        {"sku": table, "name": "Table", "quantity": 1, "unit_price": seeder.money(1999)},
    ]
    assert cart["total"] == seeder.money(2999)


def test_put_sets_the_quantity_and_returns_the_cart(alice: User, seeder: Seeder) -> None:
    """PUT sets the quantity, so repeating it changes nothing."""
    sku = seeder.product()
    put(alice, sku, 2)
    response = alice.put(f"/v1/cart/items/{sku}", json={"quantity": 7})
    assert response.json() == alice.get("/v1/cart").json()
    assert content(alice) == {sku: 7}


def test_item_and_cart_are_deleted(alice: User, seeder: Seeder) -> None:
    """DELETE removes one item or the whole cart."""
    first, second, third = seeder.product(), seeder.product(), seeder.product()
    for sku in (first, second, third):
        put(alice, sku, 1)
    assert alice.delete(f"/v1/cart/items/{first}").status_code == 204
    assert content(alice) == {second: 1, third: 1}
    assert alice.delete("/v1/cart").status_code == 204
    assert content(alice) == {}


def test_unknown_product_is_not_put_into_a_cart(alice: User, seeder: Seeder) -> None:
    """Adding a product that the catalog does not have is refused with 404."""
    response = alice.put(f"/v1/cart/items/{seeder.name()}", json={"quantity": 1})
    assert_problem(response, 404, "not-found")
    assert content(alice) == {}


@pytest.mark.parametrize("quantity", [0, -1, 1001, 10**30, 1.5, "2", True, None])
def test_quantity_is_1_to_1000(alice: User, seeder: Seeder, quantity: object) -> None:
    """A quantity that is out of range or of another type is refused, and the cart does not change.

    Internal error: a quantity of 0 was not handled (vendurehq/vendure#435).
    Internal error: a quantity of 0 broke the processing of events after checkout
    (dotnet-architecture/eShopOnContainers#259).
    Integer overflow: a quantity of many digits was an internal error (cubecart/v6#2086).
    """
    sku = seeder.product(stock=None)
    response = alice.put(f"/v1/cart/items/{sku}", json={"quantity": quantity})
    assert_invalid(response, "/quantity")
    assert content(alice) == {}


def test_cart_holds_at_most_fifty_products(alice: User, seeder: Seeder) -> None:
    """A 51st product is refused, also of several at once, but the quantity of the fifty can still change."""
    skus = [seeder.product(stock=None) for _ in range(60)]
    for sku in skus[:45]:
        put(alice, sku, 1)
    more = skus[45:]
    assert_eventually(
        lambda: {alice.get(f"/v1/products/{sku}").status_code for sku in more}, {200}, VISIBLE_SECONDS
    )
    requests = [alice.build("PUT", f"/v1/cart/items/{sku}", json={"quantity": 1}) for sku in more]
    over = [answer for answer in send_simultaneously(alice, requests) if answer.status_code != 200]
    assert len(over) == 10
    for answer in over:
        assert_problem(answer, 422, "validation")
    assert alice.put(f"/v1/cart/items/{skus[0]}", json={"quantity": 2}).status_code == 200
    assert len(content(alice)) == 50


def test_cart_follows_the_price(alice: User, seeder: Seeder) -> None:
    """A cart shows the current price, not a stored one.

    Price changed between cart and order: the page kept the old price, and the summary had the new one
    (openfoodfoundation/openfoodnetwork#1818).
    """
    sku = seeder.product(price=100)
    put(alice, sku, 3)
    seeder.admin.patch(f"/v1/products/{sku}", json={"price": seeder.money(150)})
    assert_eventually(lambda: alice.get("/v1/cart").json()["total"], seeder.money(450), VISIBLE_SECONDS)


def test_confirmed_cart_order_empties_the_cart(alice: User, seeder: Seeder) -> None:
    """`{}` orders the cart; after confirmation, the cart is empty and its total was debited.

    Wrong total: the placed order counted one unit of a product that the cart had twice
    (dotnet-architecture/eShopOnContainers#263).
    """
    chair, table = seeder.product(price=250), seeder.product(price=1999)
    put(alice, chair, 4)
    put(alice, table, 1)
    order = alice.order(None)
    assert (order["state"], order["total"]) == ("CONFIRMED", seeder.money(2999))
    assert {item["sku"]: item["quantity"] for item in order["items"]} == {chair: 4, table: 1}
    assert_eventually(lambda: content(alice), {})


def test_rejected_cart_order_leaves_the_cart(alice: User, seeder: Seeder) -> None:
    """A rejected order keeps the cart, so that the customer can change it and try again.

    Cart lost: the cart was emptied although the order had failed (OFFLINE-GmbH/oc-mall-plugin#821).
    Internal error: more units were added than there are (scandipwa/scandipwa#1049).
    """
    sku = seeder.product(stock=1)
    put(alice, sku, 2)
    assert alice.order(None)["reason"] == "out_of_stock"
    assert content(alice) == {sku: 2}


def test_empty_cart_cannot_be_ordered(alice: User) -> None:
    """Ordering an empty cart is refused with 422 `empty-cart`."""
    assert_problem(alice.place(None, expect=None), 422, "empty-cart")


def test_order_of_named_items_leaves_the_cart(alice: User, seeder: Seeder) -> None:
    """An order that lists its items does not change the cart."""
    sku = seeder.product()
    put(alice, sku, 3)
    assert alice.order({sku: 1})["state"] == "CONFIRMED"
    assert content(alice) == {sku: 3}


def test_cart_order_is_replayed_after_the_cart_is_emptied(alice: User, seeder: Seeder) -> None:
    """The same key with `{}` returns the stored response, not `empty-cart`, and places no new order.

    Repeated request: the second click ended on an error of an empty cart, and hid the order that the
    first had placed (be-BOP-io-SA/be-BOP#1219).
    Repeated request: a concurrent completion had removed the cart, and the customer's own request failed
    (saleor/saleor#12652).
    """
    sku, key = seeder.product(stock=5), str(uuid4())
    put(alice, sku, 1)
    first = alice.place(None, key)
    assert alice.wait_for_end(first.json()["id"])["state"] == "CONFIRMED"
    assert_eventually(lambda: content(alice), {})
    again = alice.place(None, key)
    assert again.content == first.content
    assert again.headers["idempotent-replayed"] == "true"
    put(alice, sku, 2)
    assert alice.place(None, key).content == first.content
    assert seeder.stock(sku) == (4, 0)


def test_cart_is_ordered_once(alice: User, seeder: Seeder) -> None:
    """A second order of the same cart, with another key, is refused as empty, even before the first ends."""
    sku, before = seeder.product(price=10, stock=10), alice.balance()
    put(alice, sku, 3)
    first = alice.place(None).json()
    assert_problem(alice.place(None, expect=None), 422, "empty-cart")
    assert alice.wait_for_end(first["id"])["state"] == "CONFIRMED"
    assert_problem(alice.place(None, expect=None), 422, "empty-cart")
    assert_eventually(lambda: (content(alice), seeder.stock(sku)), ({}, (7, 0)))
    assert before - alice.balance() == 30


@pytest.mark.parametrize("round_", range(5))
def test_cart_is_ordered_once_by_simultaneous_orders(alice: User, seeder: Seeder, round_: int) -> None:
    """Of ten simultaneous orders of one cart with ten keys, one is confirmed and nine find it empty."""
    first, second, before = seeder.product(price=10), seeder.product(price=1), alice.balance()
    put(alice, first, 2)
    put(alice, second, 1)
    answers = send_simultaneously(alice, [alice.place_request(None) for _ in range(10)])
    [accepted] = [answer.json() for answer in answers if answer.status_code == 202]
    for answer in answers:
        if answer.status_code != 202:
            assert_problem(answer, 422, "empty-cart")
    assert alice.wait_for_end(accepted["id"])["state"] == "CONFIRMED"
    assert_eventually(lambda: content(alice), {})
    assert_eventually(lambda: (seeder.stock(first), seeder.stock(second)), ((98, 0), (99, 0)))
    assert before - alice.balance() == 21


def test_cart_is_ordered_once_by_simultaneous_orders_with_one_key(alice: User, seeder: Seeder) -> None:
    """Ten simultaneous orders of one cart with one key get the same response and place one order."""
    sku, key = seeder.product(stock=10), str(uuid4())
    put(alice, sku, 2)
    answers = send_simultaneously(alice, [alice.place_request(None, key)] * 10)
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.content for answer in answers}) == 1
    assert alice.wait_for_end(answers[0].json()["id"])["state"] == "CONFIRMED"
    assert_eventually(lambda: (content(alice), seeder.stock(sku)), ({}, (8, 0)))


@pytest.mark.parametrize("quantity", [2, 5])
def test_items_put_after_the_order_stay_in_the_cart(alice: User, seeder: Seeder, quantity: int) -> None:
    """Another product, and the same one in any quantity, stay in the cart and can be ordered."""
    same, other, once = seeder.product(stock=20), seeder.product(stock=20), seeder.product(stock=20)
    put(alice, same, 2)
    put(alice, once, 1)
    first = alice.place(None).json()
    put(alice, same, quantity)
    put(alice, other, 1)
    assert alice.wait_for_end(first["id"])["state"] == "CONFIRMED"
    kept = {same: quantity, other: 1}
    assert_eventually(lambda: content(alice), kept)
    second = alice.order(None)
    assert second["state"] == "CONFIRMED"
    assert {item["sku"]: item["quantity"] for item in second["items"]} == kept
    assert_eventually(lambda: content(alice), {})


def test_cart_of_a_rejected_order_is_ordered_again(alice: User, seeder: Seeder) -> None:
    """After a rejection, the same cart can be ordered, once."""
    sku = seeder.product(stock=1)
    put(alice, sku, 2)
    assert alice.order(None)["reason"] == "out_of_stock"
    assert alice.order(None)["reason"] == "out_of_stock"
    seeder.restock(sku, 5)
    assert alice.order(None)["state"] == "CONFIRMED"
    assert_problem(alice.place(None, expect=None), 422, "empty-cart")
    assert_eventually(lambda: (content(alice), seeder.stock(sku)), ({}, (3, 0)))


def test_item_is_ordered_again_after_it_is_put_again(alice: User, seeder: Seeder) -> None:
    """A product that was ordered from the cart, or removed from it, can be put and ordered again."""
    sku = seeder.product(stock=10)
    for remaining in (8, 6):
        put(alice, sku, 2)
        assert alice.order(None)["state"] == "CONFIRMED"
        assert_eventually(lambda: content(alice), {})
        assert_eventually(lambda: seeder.stock(sku), (remaining, 0))
        put(alice, sku, 1)
        alice.delete(f"/v1/cart/items/{sku}")
        assert_problem(alice.place(None, expect=None), 422, "empty-cart")

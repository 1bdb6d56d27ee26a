"""Bug reports of other shops, replayed: stock that was oversold, overwritten or held for good."""

from __future__ import annotations

import pytest

from .cart import content, put
from .client import User
from .conventions import assert_problem
from .seeder import VISIBLE_SECONDS, Seeder, assert_eventually
from .simultaneous import send_simultaneously


@pytest.mark.parametrize(("stock", "quantities"), [(5, (3, 3)), (12, (12, 2)), (7, (6, 5))])
def test_orders_that_fit_only_alone_are_not_both_confirmed(
    alice: User, bob: User, seeder: Seeder, stock: int, quantities: tuple[int, int]
) -> None:
    """Of two simultaneous orders that fit the stock only alone, one is confirmed and one is out of stock.

    Overselling: each order was within the stock, both were accepted, and the stock went negative
    (nopSolutions/nopCommerce#4184, woocommerce/woocommerce#44273).
    """
    for _ in range(4):
        sku = seeder.product(price=10, stock=stock)
        requests = [
            user.place_request({sku: quantity})
            for user, quantity in zip((alice, bob), quantities, strict=True)
        ]
        answers = send_simultaneously(alice, requests)
        ends = [
            user.wait_for_end(answer.json()["id"]) for user, answer in zip((alice, bob), answers, strict=True)
        ]
        assert sorted(str(end["reason"]) for end in ends) == ["None", "out_of_stock"]
        sold = next(end["items"][0]["quantity"] for end in ends if end["state"] == "CONFIRMED")
        assert_eventually(lambda: seeder.stock(sku), (stock - sold, 0))  # noqa: B023


def test_cart_of_units_sold_meanwhile_is_rejected(bob: User, seeder: Seeder) -> None:
    """A cart that was filled while units were there is rejected once they are sold, and stays as it is.

    Overselling: stock was checked only when the product was put into the cart
    (vendurehq/vendure#1738, django-oscar/django-oscar#4524).
    Wrong status: the customer of a sold-out cart could not go on, and was not told why
    (Sylius/Sylius#6572).
    """
    user, sku = seeder.customer(balance=10_000), seeder.product(price=10, stock=5)
    put(user, sku, 2)
    assert bob.order({sku: 5})["state"] == "CONFIRMED"
    assert user.order(None)["reason"] == "out_of_stock"
    assert_eventually(lambda: seeder.stock(sku), (0, 0))
    assert content(user) == {sku: 2}


def test_edit_of_a_product_leaves_its_stock(alice: User, seeder: Seeder) -> None:
    """Saving a product as it was read before an order does not bring the sold units back.

    Stock overwritten: an edit of the description also wrote the stock that the form had shown
    (woocommerce/woocommerce#16780, magento/inventory#538).
    """
    sku = seeder.product(stock=10)
    assert_eventually(lambda: alice.get(f"/v1/products/{sku}").status_code, 200, VISIBLE_SECONDS)
    shown = alice.get(f"/v1/products/{sku}").json()
    assert alice.order({sku: 4})["state"] == "CONFIRMED"
    edit = {name: shown[name] for name in ("name", "category", "price")}
    response = seeder.admin.patch(f"/v1/products/{sku}", json={**edit, "description": "Edited."})
    assert response.status_code == 200, response.text
    assert_eventually(lambda: seeder.stock(sku), (6, 0))


@pytest.mark.parametrize(("balance", "stock"), [(0, 3), (1000, 1)], ids=["unpaid", "out of stock"])
def test_cancelling_a_rejected_order_moves_nothing(seeder: Seeder, balance: int, stock: int) -> None:
    """A rejected order holds no units and no money, so canceling it neither releases nor refunds any.

    Stock restored twice: canceling an order that held no units released them all the same, and the
    reserved units went negative (vendurehq/vendure#1557).
    """
    user, sku = seeder.customer(balance), seeder.product(price=100, stock=stock)
    order = user.order({sku: 2})
    assert order["state"] == "REJECTED"
    for _ in range(2):
        assert_problem(user.cancel(order["id"]), 409, "order-not-cancellable")
    assert_eventually(lambda: seeder.stock(sku), (stock, 0))
    assert (user.balance(), user.payments(order["id"])) == (balance, [])


def test_last_unit_of_a_declined_order_is_ordered_again(seeder: Seeder) -> None:
    """After a declined payment the same cart can be ordered again, even if it holds the last unit.

    Stock not restored: the declined order went on holding the unit, and the customer's second attempt
    was out of stock (Sylius/Sylius#3573).
    Cart lost: a cart whose first order was rolled back could not be ordered again
    (medusajs/medusa#12184).
    """
    user, sku = seeder.customer(), seeder.product(price=100, stock=1)
    put(user, sku, 1)
    assert user.order(None)["reason"] == "payment_declined"
    seeder.top_up(user, 100)
    assert user.order(None)["state"] == "CONFIRMED"
    assert_eventually(lambda: (seeder.stock(sku), user.balance(), content(user)), ((0, 0), 0, {}))

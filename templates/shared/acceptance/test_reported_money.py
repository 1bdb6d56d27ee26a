"""Bug reports of other shops, replayed: amounts of money."""

from __future__ import annotations

from .cart import put
from .seeder import Seeder, assert_eventually


def test_amounts_add_up_to_the_last_cent(seeder: Seeder) -> None:
    """A wallet that holds exactly the price of two orders is empty after them, to the last cent.

    Rounding: sums of floats left a tiny amount where 108.29 + 21.66 - 129.95 is 0
    (magento/magento2#26012).
    """
    first, second = seeder.product(price=10_829, stock=1), seeder.product(price=2_166, stock=1)
    user = seeder.customer(balance=12_995)
    assert user.order({first: 1})["state"] == "CONFIRMED"
    assert user.order({second: 1})["state"] == "CONFIRMED"
    assert_eventually(user.balance, 0)


def test_order_costs_what_its_cart_showed(seeder: Seeder) -> None:
    """Cart, order and payment show the same total, to the cent, for odd prices and quantities.

    Rounding: the cart showed 38.51, and the order 38.50 (magento/magento2#37817).
    """
    prices = {2067: 3, 1: 1000, 333: 7, 9999: 11}
    user = seeder.customer(balance=1_000_000)
    for price, quantity in prices.items():
        put(user, seeder.product(price=price, stock=1000), quantity)
    total = sum(price * quantity for price, quantity in prices.items())
    assert user.get("/v1/cart").json()["total"] == seeder.money(total)
    order = user.order(None)
    assert (order["state"], order["total"]) == ("CONFIRMED", seeder.money(total))
    assert_eventually(lambda: user.payments(order["id"]), [("debit", total)])


def test_total_of_many_digits_is_exact(seeder: Seeder) -> None:
    """The total of the largest quantity at the largest price is exact, in the cart and in the order.

    Integer overflow: quantity times price exceeded 32 bits, and the database refused it
    (fairmondo/fairmondo#619).
    """
    user, sku = seeder.customer(), seeder.product(price=999_999_999, stock=1000)
    put(user, sku, 1000)
    assert user.get("/v1/cart").json()["total"] == seeder.money(999_999_999_000)
    order = user.order(None)
    assert (order["reason"], order["total"]) == ("payment_declined", seeder.money(999_999_999_000))
    assert_eventually(lambda: seeder.stock(sku), (1000, 0))


def test_free_order_is_confirmed_without_money(seeder: Seeder) -> None:
    """An order of total 0 is confirmed for a customer who never had money.

    Free order: a total of 0 was sent to the payment, which failed with an internal error
    (coopcycle/coopcycle-web#1260, stephenmcd/cartridge#303).
    """
    user, sku = seeder.customer(), seeder.product(price=0, stock=2)
    order = user.order({sku: 1})
    assert (order["state"], order["total"]) == ("CONFIRMED", seeder.money(0))
    assert_eventually(lambda: seeder.stock(sku), (1, 0))
    assert user.balance() == 0

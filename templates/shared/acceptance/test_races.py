"""Races: the last unit, one wallet, and orders for the same products."""

from __future__ import annotations

from collections import Counter

import pytest

from .client import User
from .seeder import Seeder, assert_eventually
from .simultaneous import run_simultaneously, send_simultaneously

CLIENTS = 64


def outcomes(users: list[User], baskets: list[dict[str, int]]) -> Counter[str]:
    """Place all orders at the same moment, alternating users; count the outcomes by state and reason."""
    owners = [users[number % len(users)] for number in range(len(baskets))]
    answers = send_simultaneously(
        users[0], [owner.place_request(basket) for owner, basket in zip(owners, baskets, strict=True)]
    )
    assert {answer.status_code for answer in answers} == {202}
    orders = [owner.wait_for_end(answer.json()["id"]) for owner, answer in zip(owners, answers, strict=True)]
    return Counter(str(order["reason"] or order["state"]) for order in orders)


@pytest.mark.parametrize("round_", range(3))
def test_last_unit_is_sold_once(alice: User, bob: User, seeder: Seeder, round_: int) -> None:
    """Of 64 simultaneous orders for the last unit, one is confirmed and 63 are out of stock.

    Overselling: both customers of a concurrent checkout got the last unit (saleor/saleor#543,
    vendurehq/vendure#3508).
    Overselling: two requests read the same stock, and both wrote it less one (Sylius/Sylius#3138).
    Negative stock: two orders for the last unit left -1 in stock (openfoodfoundation/openfoodnetwork#4018).
    """
    sku, before = seeder.product(price=10, stock=1), alice.balance() + bob.balance()
    ends = outcomes([alice, bob], [{sku: 1}] * CLIENTS)
    assert ends == {"CONFIRMED": 1, "out_of_stock": CLIENTS - 1}
    assert_eventually(lambda: seeder.stock(sku), (0, 0))
    assert_eventually(lambda: before - alice.balance() - bob.balance(), 10)


def test_scarce_units_are_all_sold_but_not_oversold(alice: User, bob: User, seeder: Seeder) -> None:
    """Of 32 simultaneous orders for one of 20 units each, 20 are confirmed.

    Lost update: of several orders at once, the stock counted only one (django-oscar/django-oscar#2102,
    nopSolutions/nopCommerce#8085).
    Concurrency error: concurrent orders failed because the database could not serialize them
    (medusajs/medusa#3206).
    """
    sku = seeder.product(price=10, stock=20)
    assert outcomes([alice, bob], [{sku: 1}] * 32) == {"CONFIRMED": 20, "out_of_stock": 12}
    assert_eventually(lambda: seeder.stock(sku), (0, 0))


def test_wallet_is_never_overdrawn(seeder: Seeder) -> None:
    """Of 30 simultaneous orders with money for 10, ten are paid and the other units are released.

    Credit spent twice: two checkouts at once spent the same store credit (spree/spree#11284).
    Credit spent twice: the balance was read in one statement and reduced in another
    (juice-shop/juice-shop#2997).
    """
    sku, user = seeder.product(price=100, stock=1000), seeder.customer()
    for round_ in range(1, 4):
        seeder.top_up(user, 1000)
        assert outcomes([user], [{sku: 1}] * 30) == {"CONFIRMED": 10, "payment_declined": 20}
        assert_eventually(user.balance, 0)
        assert_eventually(lambda: seeder.stock(sku), (1000 - 10 * round_, 0))


def test_orders_of_the_same_products_in_opposite_order_end(alice: User, bob: User, seeder: Seeder) -> None:
    """Simultaneous orders of A then B and of B then A end without a deadlock.

    Deadlock: orders with several products in common were lost to deadlocks on stock rows
    (magento/magento2#39417).
    """
    first, second = seeder.product(price=1, stock=1000), seeder.product(price=1, stock=1000)
    baskets = [{first: 1, second: 1}, {second: 1, first: 1}] * 16
    assert outcomes([alice, bob], baskets) == {"CONFIRMED": 32}
    assert_eventually(lambda: (seeder.stock(first), seeder.stock(second)), ((968, 0), (968, 0)))


def test_units_come_back_while_others_buy(alice: User, bob: User, seeder: Seeder) -> None:
    """Simultaneous orders and cancellations of one product neither lose nor create units."""
    sku, before = seeder.product(price=10, stock=8), alice.balance() + bob.balance()

    def buy_and_cancel(user: User) -> int:
        order = user.order({sku: 1})
        if order["state"] == "CONFIRMED" and user is alice:
            assert user.cancel(order["id"]).status_code == 202
            order = user.wait_for_end(order["id"], leaving="CONFIRMED")
        return int(order["state"] == "CONFIRMED")

    kept = sum(run_simultaneously(buy_and_cancel, [alice, bob] * 12))
    assert_eventually(lambda: seeder.stock(sku), (8 - kept, 0))
    assert_eventually(lambda: before - alice.balance() - bob.balance(), 10 * kept)

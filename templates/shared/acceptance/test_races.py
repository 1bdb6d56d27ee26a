"""Many clients at once: the last unit, one wallet, and orders that want the same products."""

from __future__ import annotations

from collections import Counter

import pytest

from .at_once import at_once, together
from .caller import User
from .market import Market, comes_to

CLIENTS = 64


def outcomes(users: list[User], baskets: list[dict[str, int]]) -> Counter[str]:
    """Place all baskets at the same moment, the users taking turns; count the ends by state and reason."""
    owners = [users[number % len(users)] for number in range(len(baskets))]
    answers = at_once(
        users[0], [owner.placing(basket) for owner, basket in zip(owners, baskets, strict=True)]
    )
    assert {answer.status_code for answer in answers} == {202}
    orders = [owner.settled(answer.json()["id"]) for owner, answer in zip(owners, answers, strict=True)]
    return Counter(str(order["reason"] or order["state"]) for order in orders)


@pytest.mark.parametrize("round_", range(3))
def test_last_unit_is_sold_once(alice: User, bob: User, market: Market, round_: int) -> None:
    """Of 64 clients who want the last unit one gets it and 63 are told that it is gone."""
    sku, before = market.product(price=10, stock=1), alice.balance() + bob.balance()
    ends = outcomes([alice, bob], [{sku: 1}] * CLIENTS)
    assert ends == {"CONFIRMED": 1, "out_of_stock": CLIENTS - 1}
    comes_to(lambda: market.stock(sku), (0, 0))
    comes_to(lambda: before - alice.balance() - bob.balance(), 10)


def test_scarce_units_are_all_sold_and_no_more(alice: User, bob: User, market: Market) -> None:
    """32 clients who want one of 20 units each: 20 are confirmed."""
    sku = market.product(price=10, stock=20)
    assert outcomes([alice, bob], [{sku: 1}] * 32) == {"CONFIRMED": 20, "out_of_stock": 12}
    comes_to(lambda: market.stock(sku), (0, 0))


def test_wallet_is_never_overdrawn(market: Market) -> None:
    """Money for 10 orders, 30 placed at once: 10 are paid, the wallet ends at 0, the rest is on the shelf."""
    sku, user = market.product(price=100, stock=1000), market.customer()
    for round_ in range(1, 4):
        market.top_up(user, 1000)
        assert outcomes([user], [{sku: 1}] * 30) == {"CONFIRMED": 10, "payment_declined": 20}
        comes_to(user.balance, 0)
        comes_to(lambda: market.stock(sku), (1000 - 10 * round_, 0))


def test_orders_of_the_same_products_in_opposite_order_end(alice: User, bob: User, market: Market) -> None:
    """A then B, and B then A, at once: no deadlock reaches a client."""
    first, second = market.product(price=1, stock=1000), market.product(price=1, stock=1000)
    baskets = [{first: 1, second: 1}, {second: 1, first: 1}] * 16
    assert outcomes([alice, bob], baskets) == {"CONFIRMED": 32}
    comes_to(lambda: (market.stock(first), market.stock(second)), ((968, 0), (968, 0)))


def test_units_come_back_while_others_buy(alice: User, bob: User, market: Market) -> None:
    """Buyers and cancellers at once on one product: nothing is lost and nothing invented."""
    sku, before = market.product(price=10, stock=8), alice.balance() + bob.balance()

    def buy_and_cancel(user: User) -> int:
        order = user.order({sku: 1})
        if order["state"] == "CONFIRMED" and user is alice:
            assert user.cancel(order["id"]).status_code == 202
            order = user.settled(order["id"], leaving="CONFIRMED")
        return int(order["state"] == "CONFIRMED")

    kept = sum(together(buy_and_cancel, [alice, bob] * 12))
    comes_to(lambda: market.stock(sku), (8 - kept, 0))
    comes_to(lambda: before - alice.balance() - bob.balance(), 10 * kept)

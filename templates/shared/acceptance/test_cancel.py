"""Canceling orders: stock and money are returned exactly once."""

from __future__ import annotations

from typing import Any

import pytest

from .client import User
from .conventions import assert_problem
from .seeder import Seeder, assert_eventually
from .simultaneous import send_simultaneously


def cancelled(user: User, order_id: str) -> dict[str, Any]:
    """Cancel a confirmed order and wait until it is canceled."""
    response = user.cancel(order_id)
    assert response.status_code == 202, response.text
    assert response.headers["location"].endswith(f"/v1/orders/{order_id}")
    assert response.json()["id"] == order_id
    return user.wait_for_end(order_id, leaving="CONFIRMED")


def test_cancelled_order_gives_stock_and_money_back(alice: User, seeder: Seeder) -> None:
    """A canceled order has one debit, one refund of the same amount, and its units are back in stock.

    Stock restored twice: each unit of an order put all of its units back (spree/spree#1322).
    Stock restored twice: the units were reserved again after they had been released
    (vendurehq/vendure#2874).
    """
    sku, before = seeder.product(price=250, stock=10), alice.balance()
    order = alice.order({sku: 4})
    end = cancelled(alice, order["id"])
    assert (end["state"], end["reason"], end["total"]) == ("CANCELLED", None, seeder.money(1000))
    assert end["updated_at"] > order["created_at"]
    assert_eventually(lambda: seeder.stock(sku), (10, 0))
    assert_eventually(alice.balance, before)
    assert alice.payments(order["id"]) == [("debit", 1000), ("refund", 1000)]


def test_units_of_a_cancelled_order_are_sold_again(alice: User, bob: User, seeder: Seeder) -> None:
    """The last unit can be bought by another customer after its order is canceled.

    Stock not restored: a canceled item was marked as shipped, and its unit stayed sold
    (solidusio/solidus#2947).
    """
    sku = seeder.product(stock=1)
    order = alice.order({sku: 1})
    assert bob.order({sku: 1})["reason"] == "out_of_stock"
    cancelled(alice, order["id"])
    assert_eventually(lambda: seeder.stock(sku), (1, 0))
    assert bob.order({sku: 1})["state"] == "CONFIRMED"


def test_cancelling_again_returns_the_same_order(alice: User, seeder: Seeder) -> None:
    """A second cancellation succeeds and refunds nothing more.

    Refund twice: one unit could be refunded again and again (woocommerce/woocommerce#28856).
    Refund of more than was paid: each refund was compared with the total alone, not with earlier refunds
    (craftcms/commerce#1098).
    Stock restored twice: a refund and the removal of the refunded item each restored the units
    (woocommerce/woocommerce#27504).
    """
    sku, before = seeder.product(stock=3), alice.balance()
    order = alice.order({sku: 1})
    end = cancelled(alice, order["id"])
    again = alice.cancel(order["id"])
    assert (again.status_code, again.json()) == (202, end)
    assert_eventually(lambda: (seeder.stock(sku), alice.balance()), ((3, 0), before))
    assert [kind for kind, _ in alice.payments(order["id"])] == ["debit", "refund"]


@pytest.mark.parametrize("clients", [2, 8])
def test_cancellations_at_once_refund_once(alice: User, seeder: Seeder, clients: int) -> None:
    """Simultaneous cancellations of one order refund the money once.

    Refund twice: one click refunded the customer twice (coopcycle/coopcycle-web#4608).
    """
    sku, before = seeder.product(price=70, stock=3), alice.balance()
    for _ in range(5):
        order = alice.order({sku: 2})
        answers = send_simultaneously(alice, [alice.cancel_request(order["id"])] * clients)
        assert {answer.status_code for answer in answers} == {202}
        assert alice.wait_for_end(order["id"], leaving="CONFIRMED")["state"] == "CANCELLED"
        assert_eventually(lambda: (seeder.stock(sku), alice.balance()), ((3, 0), before))
        assert alice.payments(order["id"]) == [("debit", 140), ("refund", 140)]


def test_rejected_order_cannot_be_cancelled(alice: User, seeder: Seeder) -> None:
    """Canceling a rejected order is refused with 409, and the order does not change."""
    order = alice.order({seeder.product(stock=0): 1})
    assert_problem(alice.cancel(order["id"]), 409, "order-not-cancellable")
    assert alice.wait_for_end(order["id"]) == order


def test_cancelling_at_once_after_placing_is_all_or_nothing(alice: User, seeder: Seeder) -> None:
    """A cancellation that races with the payment is refused as pending, or refunds in full."""
    sku, before, kept = seeder.product(price=30, stock=50), alice.balance(), 0
    for _ in range(8):
        order_id = alice.place({sku: 1}).json()["id"]
        answer = alice.cancel(order_id)
        if answer.status_code == 202:
            assert alice.wait_for_end(order_id, leaving="CONFIRMED")["state"] == "CANCELLED"
        else:
            assert_problem(answer, 409, "order-pending")
            assert alice.wait_for_end(order_id)["state"] == "CONFIRMED"
            kept += 1
    assert_eventually(lambda: (seeder.stock(sku), before - alice.balance()), ((50 - kept, 0), 30 * kept))


def test_replay_after_cancelling_returns_the_stored_response(alice: User, seeder: Seeder) -> None:
    """Repeating the POST of a canceled order with its key places no new order."""
    sku, key = seeder.product(stock=5), seeder.name()
    first = alice.place({sku: 1}, key)
    alice.wait_for_end(first.json()["id"])
    cancelled(alice, first.json()["id"])
    assert alice.place({sku: 1}, key).content == first.content
    assert_eventually(lambda: seeder.stock(sku), (5, 0))

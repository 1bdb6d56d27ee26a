"""Cancelling an order: stock and money back, once."""

from __future__ import annotations

from typing import Any

import pytest

from .at_once import at_once
from .caller import User
from .conventions import assert_problem
from .market import Market, comes_to


def cancelled(user: User, order_id: str) -> dict[str, Any]:
    """Cancel a confirmed order and wait for the end of it."""
    response = user.cancel(order_id)
    assert response.status_code == 202, response.text
    assert response.headers["location"].endswith(f"/v1/orders/{order_id}")
    assert response.json()["id"] == order_id
    return user.settled(order_id, leaving="CONFIRMED")


def test_cancelled_order_gives_stock_and_money_back(alice: User, market: Market) -> None:
    """CANCELLED: one debit, one refund of the same amount, the units back on the shelf."""
    sku, before = market.product(price=250, stock=10), alice.balance()
    order = alice.order({sku: 4})
    end = cancelled(alice, order["id"])
    assert (end["state"], end["reason"], end["total"]) == ("CANCELLED", None, market.money(1000))
    assert end["updated_at"] > order["created_at"]
    comes_to(lambda: market.stock(sku), (10, 0))
    comes_to(alice.balance, before)
    assert alice.payments(order["id"]) == [("debit", 1000), ("refund", 1000)]


def test_units_of_a_cancelled_order_are_sold_again(alice: User, bob: User, market: Market) -> None:
    """The last unit, given back, can be bought by somebody else."""
    sku = market.product(stock=1)
    order = alice.order({sku: 1})
    assert bob.order({sku: 1})["reason"] == "out_of_stock"
    cancelled(alice, order["id"])
    comes_to(lambda: market.stock(sku), (1, 0))
    assert bob.order({sku: 1})["state"] == "CONFIRMED"


def test_cancelling_again_answers_the_same(alice: User, market: Market) -> None:
    """A second cancellation is no error and refunds nothing more."""
    sku, before = market.product(stock=3), alice.balance()
    order = alice.order({sku: 1})
    end = cancelled(alice, order["id"])
    again = alice.cancel(order["id"])
    assert (again.status_code, again.json()) == (202, end)
    comes_to(lambda: (market.stock(sku), alice.balance()), ((3, 0), before))
    assert [kind for kind, _ in alice.payments(order["id"])] == ["debit", "refund"]


@pytest.mark.parametrize("clients", [2, 8])
def test_cancellations_at_once_refund_once(alice: User, market: Market, clients: int) -> None:
    """However many cancel at the same moment, the money comes back once."""
    sku, before = market.product(price=70, stock=3), alice.balance()
    for _ in range(5):
        order = alice.order({sku: 2})
        answers = at_once(alice, [alice.cancelling(order["id"])] * clients)
        assert {answer.status_code for answer in answers} == {202}
        assert alice.settled(order["id"], leaving="CONFIRMED")["state"] == "CANCELLED"
        comes_to(lambda: (market.stock(sku), alice.balance()), ((3, 0), before))
        assert alice.payments(order["id"]) == [("debit", 140), ("refund", 140)]


def test_rejected_order_cannot_be_cancelled(alice: User, market: Market) -> None:
    """There is nothing to give back: 409, and the order stays as it was."""
    order = alice.order({market.product(stock=0): 1})
    assert_problem(alice.cancel(order["id"]), 409, "order-not-cancellable")
    assert alice.settled(order["id"]) == order


def test_cancelling_at_once_after_placing_is_all_or_nothing(alice: User, market: Market) -> None:
    """A cancellation that races the payment is refused as pending, or cancels and refunds in full."""
    sku, before, kept = market.product(price=30, stock=50), alice.balance(), 0
    for _ in range(8):
        order_id = alice.place({sku: 1}).json()["id"]
        answer = alice.cancel(order_id)
        if answer.status_code == 202:
            assert alice.settled(order_id, leaving="CONFIRMED")["state"] == "CANCELLED"
        else:
            assert_problem(answer, 409, "order-pending")
            assert alice.settled(order_id)["state"] == "CONFIRMED"
            kept += 1
    comes_to(lambda: (market.stock(sku), before - alice.balance()), ((50 - kept, 0), 30 * kept))


def test_replay_after_cancelling_is_the_stored_answer(alice: User, market: Market) -> None:
    """An idempotency key outlives its order: the same POST after the cancellation orders nothing."""
    sku, key = market.product(stock=5), market.name()
    first = alice.place({sku: 1}, key)
    alice.settled(first.json()["id"])
    cancelled(alice, first.json()["id"])
    assert alice.place({sku: 1}, key).content == first.content
    comes_to(lambda: market.stock(sku), (5, 0))

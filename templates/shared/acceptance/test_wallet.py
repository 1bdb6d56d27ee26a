"""Wallet and payments."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import httpx2
import pytest

from .at_once import at_once
from .caller import User
from .conventions import TIME, UUID7, assert_invalid, assert_problem
from .market import Market, comes_to


def topping_up(market: Market, user: User, amount: Any, key: str | None = None) -> httpx2.Request:
    """The POST of a top-up of any amount."""
    body = {"user_id": user.id, "amount": {"amount": amount, "currency": market.currency}}
    headers = {"Idempotency-Key": key or str(uuid4())}
    return market.admin.build("POST", "/v1/wallet/top-ups", json=body, headers=headers)


def top_up(market: Market, user: User, amount: Any, key: str | None = None) -> httpx2.Response:
    """Send `topping_up`."""
    return market.admin.send(topping_up(market, user, amount, key))


@pytest.fixture(scope="module")
def carol(market: Market) -> User:
    """A customer who starts with nothing."""
    user = market.customer()
    assert user.get("/v1/wallet").json() == {"balance": market.money(0)}
    return user


def test_top_up_adds_to_the_balance(carol: User, market: Market) -> None:
    """A top-up answers itself and the new balance."""
    before = carol.balance()
    response = top_up(market, carol, 500)
    assert response.status_code == 201, response.text
    answer = response.json()
    assert UUID7.fullmatch(answer["id"])
    assert answer == {
        "id": answer["id"],
        "user_id": carol.id,
        "amount": market.money(500),
        "balance": market.money(before + 500),
    }
    assert carol.balance() == before + 500


def test_top_up_with_one_key_is_made_once(carol: User, market: Market) -> None:
    """Repeated, all at once, it is the same top-up; so are six that were never sent before."""
    before, key = carol.balance(), str(uuid4())
    first = top_up(market, carol, 70, key)
    answers = at_once(market.admin, [topping_up(market, carol, 70, key)] * 6)
    assert {(answer.status_code, answer.json()["id"]) for answer in answers} == {(201, first.json()["id"])}
    fresh = at_once(market.admin, [topping_up(market, carol, 30, str(uuid4()))] * 6)
    assert len({answer.json()["id"] for answer in fresh}) == 1
    assert carol.balance() == before + 100


def test_top_up_wants_a_key(carol: User, market: Market) -> None:
    """Money is not moved by a request that cannot be repeated safely."""
    before = carol.balance()
    body = {"user_id": carol.id, "amount": market.money(5)}
    response = market.admin.post("/v1/wallet/top-ups", json=body)
    assert_problem(response, 400, "idempotency-key-missing")
    assert carol.balance() == before


@pytest.mark.parametrize("amount", [0, -1, 1_000_000_001, 10**30, 0.5, "5", True, None])
def test_top_up_is_a_positive_whole_amount_within_bounds(carol: User, market: Market, amount: object) -> None:
    """1 to 1,000,000,000 minor units; a refusal moves nothing."""
    before = carol.balance()
    assert_problem(top_up(market, carol, amount), 422, "validation")
    assert carol.balance() == before


def test_top_up_in_another_currency_is_refused(carol: User, market: Market) -> None:
    """The shop has one currency."""
    body = {"user_id": carol.id, "amount": {"amount": 5, "currency": "XXX"}}
    response = market.admin.post("/v1/wallet/top-ups", json=body, headers={"Idempotency-Key": str(uuid4())})
    assert_problem(response, 422, "validation")


def test_user_of_a_top_up_is_named_by_its_id(market: Market) -> None:
    """What is no UUID is refused by its pointer."""
    body = {"user_id": "carol", "amount": market.money(5)}
    response = market.admin.post("/v1/wallet/top-ups", json=body, headers={"Idempotency-Key": str(uuid4())})
    assert_invalid(response, "/user_id")


def test_payments_are_listed_by_order(alice: User, market: Market) -> None:
    """A payment has its order, kind, amount and time."""
    order = alice.order({market.product(price=120): 2})
    comes_to(lambda: len(alice.payments(order["id"])), 1)
    answer = alice.get("/v1/payments", params={"order_id": order["id"]}).json()
    payment = answer["items"][0]
    assert answer["next_cursor"] is None
    assert UUID7.fullmatch(payment["id"])
    assert TIME.fullmatch(payment["created_at"])
    assert payment == {
        "id": payment["id"],
        "order_id": order["id"],
        "kind": "debit",
        "amount": market.money(240),
        "created_at": payment["created_at"],
    }

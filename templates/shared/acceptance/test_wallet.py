"""Wallet and payments."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest

from .client import User
from .conventions import TIME, UUID7, assert_invalid, assert_problem
from .seeder import Seeder, assert_eventually
from .simultaneous import send_simultaneously


def topping_up(seeder: Seeder, user: User, amount: Any, key: str | None = None) -> httpx2.Request:
    """Return the POST of a top-up of any amount."""
    body = {"user_id": user.id, "amount": {"amount": amount, "currency": seeder.currency}}
    headers = {"Idempotency-Key": key or str(uuid4())}
    return seeder.admin.build("POST", "/v1/wallet/top-ups", json=body, headers=headers)


def top_up(seeder: Seeder, user: User, amount: Any, key: str | None = None) -> httpx2.Response:
    """Send a top-up."""
    return seeder.admin.send(topping_up(seeder, user, amount, key))


def top_up_id(seeder: Seeder, user_id: str, key: str | None = None) -> httpx2.Response:
    """Send a top-up of the user with this id."""
    body = {"user_id": user_id, "amount": seeder.money(500)}
    headers = {"Idempotency-Key": key or str(uuid4())}
    return seeder.admin.post("/v1/wallet/top-ups", json=body, headers=headers)


@pytest.fixture(scope="module")
def carol(seeder: Seeder) -> User:
    """Customer with an empty wallet."""
    user = seeder.customer()
    assert user.get("/v1/wallet").json() == {"balance": seeder.money(0)}
    return user


def test_top_up_adds_to_the_balance(carol: User, seeder: Seeder) -> None:
    """A top-up returns its data and the new balance."""
    before = carol.balance()
    response = top_up(seeder, carol, 500)
    assert response.status_code == 201, response.text
    answer = response.json()
    assert UUID7.fullmatch(answer["id"])
    assert answer == {
        "id": answer["id"],
        "user_id": carol.id,
        "amount": seeder.money(500),
        "balance": seeder.money(before + 500),
    }
    assert carol.balance() == before + 500


def test_top_up_with_one_key_is_made_once(carol: User, seeder: Seeder) -> None:
    """Simultaneous top-ups with one key are made once, whether the key is known or new."""
    before, key = carol.balance(), str(uuid4())
    first = top_up(seeder, carol, 70, key)
    answers = send_simultaneously(seeder.admin, [topping_up(seeder, carol, 70, key)] * 6)
    assert {(answer.status_code, answer.json()["id"]) for answer in answers} == {(201, first.json()["id"])}
    fresh = send_simultaneously(seeder.admin, [topping_up(seeder, carol, 30, str(uuid4()))] * 6)
    assert len({answer.json()["id"] for answer in fresh}) == 1
    assert carol.balance() == before + 100


def test_top_up_requires_a_key(carol: User, seeder: Seeder) -> None:
    """A top-up without an Idempotency-Key is refused."""
    before = carol.balance()
    body = {"user_id": carol.id, "amount": seeder.money(5)}
    response = seeder.admin.post("/v1/wallet/top-ups", json=body)
    assert_problem(response, 400, "idempotency-key-missing")
    assert carol.balance() == before


@pytest.mark.parametrize("amount", [0, -1, 1_000_000_001, 10**30, 0.5, "5", True, None])
def test_top_up_is_a_positive_whole_amount_within_bounds(carol: User, seeder: Seeder, amount: object) -> None:
    """A top-up is an integer from 1 to 1,000,000,000 minor units; other values change nothing.

    Negative amount: a refund of a negative amount was accepted (woocommerce/woocommerce#8346).
    Amount of 0: a refund of 0 refunded the whole order (Automattic/woocommerce-payments#944).
    """
    before = carol.balance()
    assert_problem(top_up(seeder, carol, amount), 422, "validation")
    assert carol.balance() == before


def test_top_up_in_another_currency_is_refused(carol: User, seeder: Seeder) -> None:
    """A top-up in another currency is refused."""
    body = {"user_id": carol.id, "amount": {"amount": 5, "currency": "XXX"}}
    response = seeder.admin.post("/v1/wallet/top-ups", json=body, headers={"Idempotency-Key": str(uuid4())})
    assert_problem(response, 422, "validation")


def test_user_of_a_top_up_must_be_a_uuid(seeder: Seeder) -> None:
    """A user ID that is not a UUID is refused with its JSON pointer."""
    body = {"user_id": "carol", "amount": seeder.money(5)}
    response = seeder.admin.post("/v1/wallet/top-ups", json=body, headers={"Idempotency-Key": str(uuid4())})
    assert_invalid(response, "/user_id")


@pytest.mark.parametrize("account", [1, 2])
def test_accounts_of_the_shop_are_not_topped_up(seeder: Seeder, account: int) -> None:
    """The ledger's own accounts are not users: 404, and the books still balance."""
    for _ in range(2):
        assert_problem(top_up_id(seeder, str(UUID(int=account))), 404, "not-found")


@pytest.mark.usefixtures("accounts")
def test_user_of_a_top_up_must_exist(seeder: Seeder) -> None:
    """A top-up of a user who does not exist is refused with 404, also for the same key again."""
    unknown, key = str(uuid4()), str(uuid4())
    for _ in range(2):
        assert_problem(top_up_id(seeder, unknown, key), 404, "not-found")


def test_free_order_needs_no_wallet(seeder: Seeder) -> None:
    """An order of total 0 is confirmed for a user without any top-up, and canceled with a refund of 0."""
    sku, user = seeder.product(price=0, stock=5), seeder.customer()
    orders = [user.order({sku: 2}) for _ in range(2)]
    assert [(order["state"], order["total"]) for order in orders] == [("CONFIRMED", seeder.money(0))] * 2
    assert user.payments(orders[0]["id"]) == [("debit", 0)]
    assert_eventually(lambda: seeder.stock(sku), (1, 0))
    requests = [user.cancel_request(orders[0]["id"])] * 4
    assert {answer.status_code for answer in send_simultaneously(user, requests)} == {202}
    assert user.wait_for_end(orders[0]["id"], leaving="CONFIRMED")["state"] == "CANCELLED"
    assert_eventually(lambda: user.payments(orders[0]["id"]), [("debit", 0), ("refund", 0)])
    assert_eventually(lambda: seeder.stock(sku), (3, 0))
    assert user.balance() == 0


def test_free_order_without_stock_is_rejected(seeder: Seeder) -> None:
    """A rejected free order has no payment."""
    user = seeder.customer()
    order = user.order({seeder.product(price=0, stock=0): 1})
    assert (order["state"], order["reason"]) == ("REJECTED", "out_of_stock")
    assert user.payments(order["id"]) == []


def test_payments_are_listed_by_order(alice: User, seeder: Seeder) -> None:
    """A payment lists its order, kind, amount and time."""
    order = alice.order({seeder.product(price=120): 2})
    assert_eventually(lambda: len(alice.payments(order["id"])), 1)
    answer = alice.get("/v1/payments", params={"order_id": order["id"]}).json()
    payment = answer["items"][0]
    assert answer["next_cursor"] is None
    assert UUID7.fullmatch(payment["id"])
    assert TIME.fullmatch(payment["created_at"])
    assert payment == {
        "id": payment["id"],
        "order_id": order["id"],
        "kind": "debit",
        "amount": seeder.money(240),
        "created_at": payment["created_at"],
    }

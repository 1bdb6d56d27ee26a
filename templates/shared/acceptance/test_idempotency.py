"""Idempotency keys of orders (I6): replay, reuse, and many requests at once."""

from __future__ import annotations

from uuid import uuid4

import pytest

from .client import User
from .conventions import assert_problem
from .seeder import Seeder, assert_eventually
from .simultaneous import send_simultaneously


def test_key_is_required(alice: User, seeder: Seeder) -> None:
    """An order without an Idempotency-Key is refused."""
    body = {"items": [{"sku": seeder.product(), "quantity": 1}]}
    assert_problem(alice.post("/v1/orders", json=body), 400, "idempotency-key-missing")


@pytest.mark.parametrize("key", ["", "k" * 256, "ключ".encode(), b"\x80\xff", "tab\there"])
def test_key_is_visible_ascii_of_bounded_length(alice: User, seeder: Seeder, key: str | bytes) -> None:
    """A key with other characters, or too long, is refused and never truncated."""
    sku = seeder.product(stock=5)
    body = {"items": [{"sku": sku, "quantity": 1}]}
    response = alice.post("/v1/orders", json=body, headers={"Idempotency-Key": key})
    assert_problem(response, 400, "bad-request" if key else "idempotency-key-missing")
    assert seeder.stock(sku) == (5, 0)


@pytest.mark.parametrize("key", ["!", "~" * 255, "'OR(1=1);--", "%00", "*"])
def test_any_visible_ascii_is_a_valid_key(alice: User, seeder: Seeder, key: str) -> None:
    """A key of any visible ASCII characters is accepted, and replays."""
    own = f"{seeder.name()}{key}"[-255:]
    items = {seeder.product(): 1}
    assert alice.place(items, own).content == alice.place(items, own).content


def test_replay_is_byte_for_byte(alice: User, seeder: Seeder) -> None:
    """The same key and body return the stored response, marked as replayed, and place one order.

    Duplicate order: customers who saw no confirmation ordered again, and paid twice
    (magento/magento2#31000).
    """
    sku, key = seeder.product(stock=10), str(uuid4())
    first = alice.place({sku: 2}, key)
    assert "idempotent-replayed" not in first.headers
    wait_for_end = alice.wait_for_end(first.json()["id"])
    for _ in range(3):
        again = alice.place({sku: 2}, key)
        assert again.content == first.content
        assert again.headers["idempotent-replayed"] == "true"
        assert again.headers["location"] == first.headers["location"]
    assert alice.wait_for_end(first.json()["id"]) == wait_for_end
    assert_eventually(lambda: seeder.stock(sku), (8, 0))


def test_rejected_order_is_replayed_too(alice: User, seeder: Seeder) -> None:
    """The same key returns a stored rejection, even if stock is available by then."""
    sku, key = seeder.product(stock=0), str(uuid4())
    first = alice.place({sku: 1}, key)
    assert alice.wait_for_end(first.json()["id"])["state"] == "REJECTED"
    seeder.restock(sku, 5)
    assert alice.place({sku: 1}, key).content == first.content
    assert seeder.stock(sku) == (5, 0)


def test_key_with_another_body_is_refused(alice: User, seeder: Seeder) -> None:
    """A key with another body is refused with 422 and places no order."""
    sku, key = seeder.product(stock=10), str(uuid4())
    first = alice.place({sku: 1}, key)
    alice.wait_for_end(first.json()["id"])
    for other in ({sku: 2}, {seeder.product(): 1}, {sku: 1, seeder.product(): 1}, None):
        assert_problem(alice.place(other, key, expect=None), 422, "idempotency-key-reused")
    assert alice.place({sku: 1}, key).content == first.content
    assert_eventually(lambda: seeder.stock(sku), (9, 0))


def test_keys_of_different_users_are_independent(alice: User, bob: User, seeder: Seeder) -> None:
    """Two users with the same key get two orders, and neither sees the other's response."""
    sku, key = seeder.product(stock=10), str(uuid4())
    one, other = alice.place({sku: 1}, key).json(), bob.place({sku: 1}, key)
    assert other.json()["id"] != one["id"]
    assert "idempotent-replayed" not in other.headers
    bob.wait_for_end(other.json()["id"])
    alice.wait_for_end(one["id"])
    assert_eventually(lambda: seeder.stock(sku), (8, 0))


def test_twenty_posts_at_once_with_one_key_make_one_order(alice: User, seeder: Seeder) -> None:
    """Twenty simultaneous requests with one key place one order.

    Repeated request: a double click ended on an error page (shopware/shopware#822).
    Repeated request: a retry with the same key was answered with a conflict for good
    (medusajs/medusa#1887).
    Double charge: payments of one checkout were created several times at once (saleor/saleor#11133).
    Stock reduced twice: two requests at once each took the units of one order
    (woocommerce/woocommerce#38786, Automattic/woocommerce-payments#8292).
    """
    sku, key, before = seeder.product(price=10, stock=100), str(uuid4()), alice.balance()
    answers = send_simultaneously(alice, [alice.place_request({sku: 1}, key)] * 20)
    assert len({answer.content for answer in answers}) == 1
    replayed = [answer.headers.get("idempotent-replayed") for answer in answers]
    assert sorted(replayed, key=str) == [None] + ["true"] * 19
    assert alice.wait_for_end(answers[0].json()["id"])["state"] == "CONFIRMED"
    assert_eventually(lambda: seeder.stock(sku), (99, 0))
    assert before - alice.balance() == 10


def test_one_of_two_bodies_at_once_under_one_key_wins(alice: User, seeder: Seeder) -> None:
    """Of simultaneous requests with one key and two bodies, one body is ordered, the other refused."""
    sku, key = seeder.product(stock=100), str(uuid4())
    answers = send_simultaneously(
        alice, [alice.place_request({sku: 1}, key), alice.place_request({sku: 2}, key)] * 5
    )
    accepted = [answer for answer in answers if answer.status_code == 202]
    assert len({answer.content for answer in accepted}) == 1
    assert len(accepted) == 5
    for answer in answers:
        if answer.status_code != 202:
            assert_problem(answer, 422, "idempotency-key-reused")
    order = alice.wait_for_end(accepted[0].json()["id"])
    assert_eventually(lambda: seeder.stock(sku), (100 - order["items"][0]["quantity"], 0))

"""Messages that come twice, in another order than they were told, or that nobody can read."""

import json
import random
import time
from collections import Counter
from uuid import uuid4

from ..messages import INVENTORY, ORDERS, SUBSCRIPTIONS, TOPICS, Message, copy
from .shop import FragileShop
from .traffic import traffic
from .trial import END_SECONDS, Trial

KEYS = 12


def until_given_up(shop: FragileShop, before: set[str], expected: Counter[str]) -> set[str]:
    """Wait until each dead-letter topic has got so many letters; return the ids of the new ones."""
    deadline = time.monotonic() + END_SECONDS
    while (found := Counter(each.rpartition(":")[0] for each in shop.letters() - before)) != expected:
        assert time.monotonic() < deadline, f"{found}, and not {expected}"
        time.sleep(0.5)
    return shop.letters() - before


def groups_of(topic: str) -> list[str]:
    """Return the groups that consume a topic."""
    return [group for group, topics in SUBSCRIPTIONS.items() if topic in topics]


def test_all_that_was_told_comes_again_in_another_order(trial: Trial) -> None:
    """Copies of all events, shuffled, between those that are told just now."""
    sku, customer = trial.product(), trial.customer()
    with traffic(trial):
        trial.until_confirmed()
        copies = [copy(record) for record in trial.shop.messages.read()]
        random.shuffle(copies)
        trial.shop.messages.publish(copies)
        trial.strikes += len(copies)
        assert trial.end_of(customer, trial.place(customer, {sku: 1})) == "CONFIRMED"
    trial.conclude()


def test_news_that_come_again_do_not_empty_a_cart_again(trial: Trial) -> None:
    """The customer bought it, wants it again, and then the news of the first purchase come twice."""
    sku, customer = trial.product(), trial.customer()
    trial.fill_cart(customer, sku)
    order = trial.check_out(customer)
    assert order is not None
    assert trial.end_of(customer, order) == "CONFIRMED"
    trial.conclude()
    assert customer.get("/v1/cart").json()["items"] == []

    trial.fill_cart(customer, sku)
    copies = [copy(record) for record in trial.shop.messages.read([ORDERS]) if record.key == order]
    assert len(copies) == 2
    trial.shop.messages.publish(copies)
    trial.strikes += len(copies)
    trial.conclude()
    assert [item["sku"] for item in customer.get("/v1/cart").json()["items"]] == [sku]


def test_what_cannot_be_read_is_given_up_and_blocks_nobody(trial: Trial) -> None:
    """Into every partition of every topic; each group that hears it gives it up, and can be told again."""
    before = trial.shop.letters()
    poison = [Message(topic, f"key-{key}", b"{poison") for topic in TOPICS for key in range(KEYS)]
    expected = Counter({f"{topic}.{group}.dlq": KEYS for topic in TOPICS for group in groups_of(topic)})
    with traffic(trial):
        trial.shop.messages.publish(poison)
        trial.strikes += len(poison)
        trial.until_confirmed()
        letters = until_given_up(trial.shop, before, expected)

        replayed = sorted(letters)[0]
        assert "{poison" in trial.shop.choreography("letter", replayed)
        assert trial.shop.choreography("replay", replayed).startswith("1 ")
        again = until_given_up(trial.shop, before, expected)
        assert replayed not in again
        assert len(again - letters) == 1
        trial.until_confirmed()
    trial.conclude()
    assert trial.ends["CONFIRMED"]


def test_what_always_fails_is_tried_later_and_given_up_then(trial: Trial) -> None:
    """Stock was reserved for an order that nobody knows: orders cannot make anything of the answer."""
    before = trial.shop.letters()
    order_id = str(uuid4())
    event = {
        "id": str(uuid4()),
        "type": "StockRefused",
        "version": 1,
        "time": "2026-01-01T00:00:00Z",
        "key": order_id,
        "traceparent": None,
        "data": {"order_id": order_id, "user_id": str(uuid4())},
    }
    with traffic(trial):
        trial.shop.messages.publish([Message(INVENTORY, order_id, json.dumps(event).encode())])
        trial.strikes += 1
        expected = Counter({f"{INVENTORY}.orders.dlq": 1})
        [letter] = until_given_up(trial.shop, before, expected)
        assert "failures: 3" in trial.shop.choreography("letter", letter)
        trial.until_confirmed()
    trial.conclude()

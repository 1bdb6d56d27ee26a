"""Messages that come twice, in another order than they were told, or that nobody can read."""

import json
import random
import time
from collections import Counter
from uuid import uuid4

from ..messages import INVENTORY, ORDERS, SUBSCRIPTIONS, TOPICS, Message, copy
from .experiment import END_SECONDS, Experiment
from .shop import FaultyShop
from .traffic import traffic

KEYS = 12


def until_given_up(shop: FaultyShop, before: set[str], expected: Counter[str]) -> set[str]:
    """Wait until each dead-letter topic has got so many letters; return the ids of the new ones."""
    deadline = time.monotonic() + END_SECONDS
    while (found := Counter(each.rpartition(":")[0] for each in shop.dead_letters() - before)) != expected:
        assert time.monotonic() < deadline, f"{found}, and not {expected}"
        time.sleep(0.5)
    return shop.dead_letters() - before


def groups_of(topic: str) -> list[str]:
    """Return the groups that consume a topic."""
    return [group for group, topics in SUBSCRIPTIONS.items() if topic in topics]


def test_all_that_was_told_comes_again_in_another_order(experiment: Experiment) -> None:
    """Copies of all events, shuffled, between those that are told just now."""
    sku, customer = experiment.product(), experiment.customer()
    with traffic(experiment):
        experiment.until_confirmed()
        copies = [copy(record) for record in experiment.shop.messages.read()]
        random.shuffle(copies)
        experiment.shop.messages.publish(copies)
        experiment.faults += len(copies)
        assert experiment.final_state(customer, experiment.place(customer, {sku: 1})) == "CONFIRMED"
    experiment.verify()


def test_news_that_come_again_do_not_empty_a_cart_again(experiment: Experiment) -> None:
    """The customer bought it, wants it again, and then the news of the first purchase come twice."""
    sku, customer = experiment.product(), experiment.customer()
    experiment.fill_cart(customer, sku)
    order = experiment.check_out(customer)
    assert order is not None
    assert experiment.final_state(customer, order) == "CONFIRMED"
    experiment.verify()
    assert customer.get("/v1/cart").json()["items"] == []

    experiment.fill_cart(customer, sku)
    copies = [copy(record) for record in experiment.shop.messages.read([ORDERS]) if record.key == order]
    assert len(copies) == 2
    experiment.shop.messages.publish(copies)
    experiment.faults += len(copies)
    experiment.verify()
    assert [item["sku"] for item in customer.get("/v1/cart").json()["items"]] == [sku]


def test_what_cannot_be_read_is_given_up_and_blocks_nobody(experiment: Experiment) -> None:
    """Into every partition of every topic; each group that hears it gives it up, and can be told again."""
    before = experiment.shop.dead_letters()
    poison = [Message(topic, f"key-{key}", b"{poison") for topic in TOPICS for key in range(KEYS)]
    expected = Counter({f"{topic}.{group}.dlq": KEYS for topic in TOPICS for group in groups_of(topic)})
    with traffic(experiment):
        experiment.shop.messages.publish(poison)
        experiment.faults += len(poison)
        experiment.until_confirmed()
        dead_letters = until_given_up(experiment.shop, before, expected)

        replayed = sorted(dead_letters)[0]
        assert "{poison" in experiment.shop.choreography("dead-letter", replayed)
        assert experiment.shop.choreography("replay", replayed).startswith("1 ")
        again = until_given_up(experiment.shop, before, expected)
        assert replayed not in again
        assert len(again - dead_letters) == 1
        experiment.until_confirmed()
    experiment.verify()
    assert experiment.outcomes["CONFIRMED"]


def test_what_always_fails_is_tried_later_and_given_up_then(experiment: Experiment) -> None:
    """Stock was reserved for an order that nobody knows: orders cannot make anything of the answer."""
    before = experiment.shop.dead_letters()
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
    with traffic(experiment):
        experiment.shop.messages.publish([Message(INVENTORY, order_id, json.dumps(event).encode())])
        experiment.faults += 1
        expected = Counter({f"{INVENTORY}.orders.dlq": 1})
        [letter] = until_given_up(experiment.shop, before, expected)
        assert "failures: 3" in experiment.shop.choreography("dead-letter", letter)
        experiment.until_confirmed()
    experiment.verify()

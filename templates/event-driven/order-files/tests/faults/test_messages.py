"""Faults of messages: duplicates, reordering and poison messages."""

import json
import random
import time
from collections import Counter
from collections.abc import Mapping
from uuid import uuid4

from ..messages import INVENTORY, ORDERS, PAYMENTS, SUBSCRIPTIONS, TOPICS, Message, copy
from .experiment import END_SECONDS, Experiment
from .shop import FaultyShop
from .steps import STEPS, count, steps_after
from .traffic import traffic

KEYS = 12
PUBLISHED = {
    ORDERS: ["OrderPlaced", "OrderConfirmed", "OrderRejected", "OrderCancelled"],
    INVENTORY: ["StockReserved", "StockRefused"],
    PAYMENTS: ["PaymentDebited", "PaymentDeclined"],
}


def until_dead_lettered(shop: FaultyShop, before: set[str], expected: Counter[str]) -> set[str]:
    """Wait until each topic has the expected number of new dead letters; return their ids."""
    deadline = time.monotonic() + END_SECONDS
    while (found := Counter(each.rpartition(":")[0] for each in shop.dead_letters() - before)) != expected:
        assert time.monotonic() < deadline, f"expected {expected}, found {found}"
        time.sleep(0.5)
    return shop.dead_letters() - before


def groups_of(topic: str) -> list[str]:
    """Return the consumer groups of a topic."""
    return [group for group, topics in SUBSCRIPTIONS.items() if topic in topics]


def test_redelivering_all_events_in_random_order_has_no_effect(experiment: Experiment) -> None:
    """Copies of all events are published in random order, in between new events."""
    sku, customer = experiment.product(), experiment.customer()
    with traffic(experiment):
        experiment.until_confirmed()
        copies = [copy(record) for record in experiment.shop.messages.read()]
        random.shuffle(copies)
        experiment.shop.messages.publish(copies)
        for each in copies:
            for step in steps_after(each.headers["type"]):
                experiment.count_fault(step, "event repeated out of order")
        assert experiment.final_state(customer, experiment.place(customer, {sku: 1})) == "CONFIRMED"
    experiment.verify()


def test_a_redelivered_confirmation_does_not_clear_a_cart_again(experiment: Experiment) -> None:
    """The product is in the cart again when the events of its first order are redelivered."""
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
    experiment.count_fault("clear cart", "event repeated out of order")
    experiment.verify()
    assert [item["sku"] for item in customer.get("/v1/cart").json()["items"]] == [sku]


def test_poison_messages_are_dead_lettered_and_block_no_other_event(experiment: Experiment) -> None:
    """Every partition of every topic gets one; every consuming group dead-letters it and can replay it."""
    before = experiment.shop.dead_letters()
    poison = [Message(topic, f"key-{key}", b"{poison") for topic in TOPICS for key in range(KEYS)]
    expected = Counter({f"{topic}.{group}.dlq": KEYS for topic in TOPICS for group in groups_of(topic)})
    with traffic(experiment):
        experiment.shop.messages.publish(poison)
        for topic in TOPICS:
            for group in groups_of(topic):
                count(experiment, group, "poison message", KEYS)
        experiment.until_confirmed()
        dead_letters = until_dead_lettered(experiment.shop, before, expected)

        replayed = sorted(dead_letters)[0]
        assert "{poison" in experiment.shop.dead_letter(replayed)
        experiment.shop.replay(replayed)
        again = until_dead_lettered(experiment.shop, before, expected)
        assert replayed not in again
        assert len(again - dead_letters) == 1
        experiment.until_confirmed()
    experiment.verify()
    assert experiment.outcomes["CONFIRMED"]


def test_events_without_their_data_are_dead_lettered(experiment: Experiment) -> None:
    """An event of each type that no handler can decode; retrying it would be useless."""
    before = experiment.shop.dead_letters()
    events = [(topic, type_) for topic, types in PUBLISHED.items() for type_ in types]
    groups = [
        (topic, group, len(STEPS[group].keys() & set(types)))
        for topic, types in PUBLISHED.items()
        for group in groups_of(topic)
    ]
    expected = Counter({f"{topic}.{group}.dlq": number for topic, group, number in groups if number})
    with traffic(experiment):
        experiment.shop.messages.publish([event_of(*each, {}) for each in events])
        for _, type_ in events:
            for step in steps_after(type_):
                experiment.count_fault(step, "event without its data")
        until_dead_lettered(experiment.shop, before, expected)
        experiment.until_confirmed()
    experiment.verify()


def test_an_event_that_always_fails_is_retried_and_then_dead_lettered(experiment: Experiment) -> None:
    """Decisions about an unknown order, which the orders service cannot handle."""
    before = experiment.shop.dead_letters()
    unknown = {"order_id": str(uuid4()), "user_id": str(uuid4())}
    events = [
        event_of(INVENTORY, "StockRefused", unknown),
        event_of(PAYMENTS, "PaymentDebited", unknown | {"amount": 1}),
    ]
    with traffic(experiment):
        experiment.shop.messages.publish(events)
        experiment.count_fault("reject", "event that always fails")
        experiment.count_fault("confirm", "event that always fails")
        expected = Counter({f"{topic}.orders.dlq": 1 for topic in (INVENTORY, PAYMENTS)})
        for dead_letter in until_dead_lettered(experiment.shop, before, expected):
            assert "failures: 3" in experiment.shop.dead_letter(dead_letter)
        experiment.until_confirmed()
    experiment.verify()


def event_of(topic: str, type_: str, data: Mapping[str, object]) -> Message:
    """Return an event in its first version."""
    key = str(uuid4())
    event = {
        "id": str(uuid4()),
        "type": type_,
        "version": 1,
        "time": "2026-01-01T00:00:00Z",
        "key": key,
        "traceparent": None,
        "data": data,
    }
    return Message(topic, key, json.dumps(event).encode())

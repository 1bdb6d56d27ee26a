"""Consumers that are suspended, or slow."""

import random
import time

from acceptance.contention import basket
from acceptance.simultaneous import run_simultaneously

from .experiment import Experiment

BATCH = 60
CLIENTS, BACKLOG = 12, 300
PULSES = 20


def test_orders_placed_during_a_short_outage_of_inventory_are_confirmed(experiment: Experiment) -> None:
    """Afterwards, the accumulated orders for the same products are all handled before their timeout."""
    skus = [experiment.product() for _ in range(4)]
    customers = [experiment.customer() for _ in range(CLIENTS // 2)]

    def order_many(number: int) -> list[str]:
        chance, customer = random.Random(number), customers[number // 2]
        return [experiment.place(customer, basket(skus, chance)) for _ in range(BACKLOG // CLIENTS)]

    # Suspended, not killed: starting a process takes a busy machine as long as an order waits.
    experiment.shop.pause("inventory")
    experiment.count_fault("reserve", "consumer paused")
    try:
        run_simultaneously(order_many, range(CLIENTS))
    finally:
        experiment.shop.resume("inventory")
    experiment.verify()
    assert experiment.outcomes == {"CONFIRMED": BACKLOG}


def test_a_slow_consumer_lags_and_catches_up(experiment: Experiment) -> None:
    """The consumer runs only for moments at a time; orders wait for it and are not lost."""
    sku, customer = experiment.product(), experiment.customer()
    behind = 0
    for _ in range(PULSES):
        experiment.shop.pause("payments")
        experiment.count_fault("debit", "consumer paused")
        orders = [experiment.place(customer, {sku: 1}) for _ in range(4)]
        behind = max(behind, sum(experiment.shop.messages.lag("payments").values()))
        experiment.shop.resume("payments")
        time.sleep(0.05)
    assert behind > 0
    assert {experiment.final_state(customer, order) for order in orders} <= {"CONFIRMED", "timeout"}
    experiment.verify()


def test_a_single_member_consumes_all_partitions_of_its_topics(experiment: Experiment) -> None:
    """Every topic has more partitions than its group has members."""
    sku, customer = experiment.product(), experiment.customer()
    for _ in range(BATCH):
        experiment.place(customer, {sku: 1})
    experiment.verify()
    assert experiment.outcomes["CONFIRMED"]
    partitions = {record.partition for record in experiment.shop.messages.read(["orders.v1"])}
    assert len(partitions) > 1
    lag = experiment.shop.messages.lag("inventory")
    assert partitions <= lag.keys()
    assert not any(lag.values())

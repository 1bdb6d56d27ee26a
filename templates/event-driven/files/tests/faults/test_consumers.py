"""Those who handle events die, multiply, go, and fall behind."""

import random
import time

import pytest

from .experiment import Experiment
from .traffic import traffic

BATCH = 60
PULSES = 20


@pytest.mark.parametrize("service", ["inventory", "payments", "notifications"])
def test_a_service_that_is_killed_in_the_middle_of_a_batch(experiment: Experiment, service: str) -> None:
    """Orders pile up while it is away; then it is killed again and again while it works them off."""
    sku, customer = experiment.product(), experiment.customer()
    with traffic(experiment):
        experiment.shop.kill(service)
        experiment.faults += 1
        for _ in range(BATCH):
            experiment.place(customer, {sku: 1})
        for _ in range(2):
            experiment.shop.launch(service)
            experiment.shop.processes[service].wait_for("/readyz")
            time.sleep(random.uniform(0, 0.5))
            experiment.shop.kill(service)
            experiment.faults += 1
        experiment.shop.launch(service)
        experiment.until_confirmed()
    experiment.verify()


def test_orders_is_killed_while_it_takes_orders_and_decides_them(experiment: Experiment) -> None:
    with traffic(experiment):
        for _ in range(2):
            experiment.until_confirmed()
            experiment.shop.crash("orders")
            experiment.faults += 1
            experiment.shop.processes["orders"].wait_for("/readyz")
        experiment.until_confirmed()
    experiment.verify()


def test_a_second_process_joins_under_load_and_leaves_again(experiment: Experiment) -> None:
    with traffic(experiment):
        for service in ("inventory", "payments"):
            with experiment.shop.run_replica(service):
                experiment.faults += 1
                experiment.until_confirmed()
            experiment.until_confirmed()
    experiment.verify()
    assert experiment.outcomes["CONFIRMED"]


def test_a_slow_consumer_falls_behind_and_catches_up(experiment: Experiment) -> None:
    """It moves for a moment, again and again; orders wait for it and are not lost."""
    sku, customer = experiment.product(), experiment.customer()
    behind = 0
    for _ in range(PULSES):
        experiment.shop.pause("payments")
        experiment.faults += 1
        orders = [experiment.place(customer, {sku: 1}) for _ in range(4)]
        behind = max(behind, sum(experiment.shop.messages.lag("payments").values()))
        experiment.shop.resume("payments")
        time.sleep(0.05)
    assert behind > 0
    assert {experiment.final_state(customer, order) for order in orders} <= {"CONFIRMED", "timeout"}
    experiment.verify()


def test_one_process_consumes_all_partitions_of_its_topics(experiment: Experiment) -> None:
    """Each topic has more partitions than its group has members."""
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

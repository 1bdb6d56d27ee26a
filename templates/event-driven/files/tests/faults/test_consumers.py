"""Those who handle events die, multiply, go, and fall behind."""

import random
import time

import pytest

from .traffic import traffic
from .trial import Trial

BATCH = 60
PULSES = 20


@pytest.mark.parametrize("service", ["inventory", "payments", "notifications"])
def test_a_service_that_is_killed_in_the_middle_of_a_batch(trial: Trial, service: str) -> None:
    """Orders pile up while it is away; then it is killed again and again while it works them off."""
    sku, customer = trial.product(), trial.customer()
    with traffic(trial):
        trial.shop.kill(service)
        trial.strikes += 1
        for _ in range(BATCH):
            trial.place(customer, {sku: 1})
        for _ in range(2):
            trial.shop.launch(service)
            trial.shop.processes[service].wait_for("/readyz")
            time.sleep(random.uniform(0, 0.5))
            trial.shop.kill(service)
            trial.strikes += 1
        trial.shop.launch(service)
        trial.until_confirmed()
    trial.conclude()


def test_orders_is_killed_while_it_takes_orders_and_decides_them(trial: Trial) -> None:
    with traffic(trial):
        for _ in range(2):
            trial.until_confirmed()
            trial.shop.crash("orders")
            trial.strikes += 1
            trial.shop.processes["orders"].wait_for("/readyz")
        trial.until_confirmed()
    trial.conclude()


def test_a_second_process_joins_under_load_and_leaves_again(trial: Trial) -> None:
    with traffic(trial):
        for service in ("inventory", "payments"):
            with trial.shop.second(service):
                trial.strikes += 1
                trial.until_confirmed()
            trial.until_confirmed()
    trial.conclude()
    assert trial.ends["CONFIRMED"]


def test_a_slow_consumer_falls_behind_and_catches_up(trial: Trial) -> None:
    """It moves for a moment, again and again; orders wait for it and are not lost."""
    sku, customer = trial.product(), trial.customer()
    behind = 0
    for _ in range(PULSES):
        trial.shop.freeze("payments")
        trial.strikes += 1
        orders = [trial.place(customer, {sku: 1}) for _ in range(4)]
        behind = max(behind, sum(trial.shop.messages.lag("payments").values()))
        trial.shop.thaw("payments")
        time.sleep(0.05)
    assert behind > 0
    assert {trial.end_of(customer, order) for order in orders} <= {"CONFIRMED", "timeout"}
    trial.conclude()


def test_one_process_consumes_all_partitions_of_its_topics(trial: Trial) -> None:
    """Each topic has more partitions than its group has members."""
    sku, customer = trial.product(), trial.customer()
    for _ in range(BATCH):
        trial.place(customer, {sku: 1})
    trial.conclude()
    assert trial.ends["CONFIRMED"]
    partitions = {record.partition for record in trial.shop.messages.read(["orders.v1"])}
    assert len(partitions) > 1
    lag = trial.shop.messages.lag("inventory")
    assert partitions <= lag.keys()
    assert not any(lag.values())

"""Two orchestrators: processes of the orders service on one database."""

import copy
import random

import pytest

from acceptance.client import User, connect
from acceptance.simultaneous import run_simultaneously

from .experiment import Experiment
from .network import after, delay_response, deliver, lose_response
from .shop import FAULT_SECONDS


def via(user: User, url: str) -> User:
    """Return the same user, calling the process at `url` instead of the gateway."""
    other = copy.copy(user)
    other.http = connect(url)
    return other


def test_two_orchestrators_end_every_order_although_one_is_killed(experiment: Experiment) -> None:
    """Orders are placed and cancelled at both on an unreliable network; one is killed twice."""
    chance = random.Random(2)
    sku, customer = experiment.product(), experiment.customer()
    with experiment.shop.run_replica("orders") as url:
        endpoints = [customer, via(customer, url)]
        experiment.shop.network.choose_fault = lambda: chance.choice(
            [deliver, delay_response(0.3), lose_response]
        )

        def order(number: int) -> None:
            placed = experiment.place(endpoints[number % 2], {sku: 1})
            if experiment.final_state(endpoints[1], placed) == "CONFIRMED":
                run_simultaneously(lambda endpoint: experiment.cancel(endpoint, placed), endpoints)

        for step in ("debit", "restock"):
            planned = experiment.shop.network.plan(step, after(lambda: experiment.shop.crash("orders")))
            run_simultaneously(order, range(12))
            experiment.count_fault(step, "one of two orchestrators killed", planned.injected.is_set())
        experiment.verify()
    assert experiment.faults.total() == 2
    assert experiment.outcomes["CANCELLED"]


@pytest.mark.parametrize("step", ["reserve", "debit"])
def test_a_paused_orchestrator_resumes_after_its_lease_expired(experiment: Experiment, step: str) -> None:
    """One process is paused until the other has ended its orders, and then continues where it was."""
    sku, customer = experiment.product(), experiment.customer()
    with experiment.shop.run_replica("orders") as url:
        user_of_replica = via(customer, url)
        planned = experiment.shop.network.plan(step, after(lambda: experiment.shop.pause("orders")))
        try:
            order = experiment.place(customer, {sku: 1})
            assert planned.injected.wait(FAULT_SECONDS)
            experiment.count_fault(step, "one of two orchestrators paused")
            experiment.final_state(user_of_replica, order)
        finally:
            experiment.shop.resume("orders")
        experiment.verify()

"""A network that breaks, holds up and doubles calls."""

import random

import pytest

from acceptance.simultaneous import run_simultaneously

from .experiment import Experiment
from .network import Fault, delay, delay_response, deliver, drop, duplicate, lose_response, redeliver
from .traffic import traffic

# Longer than one attempt waits, and longer than all attempts of a call do.
SLOW_SECONDS, SLOWER_SECONDS = 1.5, 4.0
STEPS = ["reserve", "debit", "commit", "clear cart", "refund", "release", "restock"]
FAULTS: dict[str, Fault] = {
    "lost": drop,
    "answer lost": lose_response,
    "late": delay(SLOWER_SECONDS),
    "answer late": delay_response(SLOW_SECONDS),
    "twice": duplicate,
    "again": redeliver,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_call_of_each_step_is(experiment: Experiment, fault: str) -> None:
    """Lost, held up or doubled, once at each step."""
    with traffic(experiment):
        for step in STEPS:
            experiment.shop.inject(step, FAULTS[fault])
            experiment.faults += 1
    experiment.verify()
    assert experiment.outcomes["CONFIRMED"]
    # There is plenty of everything.
    assert not experiment.outcomes["out_of_stock"]


def test_the_network_is_bad(experiment: Experiment) -> None:
    """Every third call has a fault; customers go on, some of them for the last units."""
    chance = random.Random(1)
    scarce = experiment.product(units=20)
    customers = [experiment.customer() for _ in range(8)]

    def choose_fault() -> Fault:
        if chance.random() < 2 / 3:
            return deliver
        experiment.faults += 1
        return chance.choice(list(FAULTS.values()))

    def order(number: int) -> None:
        customer = customers[number % len(customers)]
        placed = experiment.place(customer, {scarce: 1})
        if number % 3 == 0 and experiment.final_state(customer, placed) == "CONFIRMED":
            experiment.cancel(customer, placed)

    experiment.shop.network.choose_fault = choose_fault
    run_simultaneously(order, range(32))
    experiment.verify()
    assert experiment.faults

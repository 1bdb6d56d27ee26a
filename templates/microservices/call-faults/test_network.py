"""Network faults: lost, delayed and duplicated calls."""

import random

import pytest

from acceptance.simultaneous import run_simultaneously

from .experiment import Experiment
from .network import STEPS, Fault, delay, delay_response, deliver, drop, duplicate, lose_response, redeliver
from .traffic import traffic

# Longer than one attempt may take, and longer than all attempts of a call together.
SLOW_SECONDS, SLOWER_SECONDS = 2.5, 6.0
FAULTS: dict[str, Fault] = {
    "lost": drop,
    "response lost": lose_response,
    "late": delay(SLOWER_SECONDS),
    "response late": delay_response(SLOW_SECONDS),
    "duplicated": duplicate,
    "redelivered": redeliver,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_orders_end_consistently_if_a_call_of_each_step_is(experiment: Experiment, fault: str) -> None:
    """The fault occurs once at each step."""
    with traffic(experiment):
        for step in STEPS:
            experiment.shop.inject(step, FAULTS[fault])
            experiment.count_fault(step, f"call {fault}")
    experiment.verify()
    assert experiment.outcomes["CONFIRMED"]
    # Stock is plentiful, so a refusal would be wrong.
    assert not experiment.outcomes["out_of_stock"]


def test_orders_end_consistently_on_an_unreliable_network(experiment: Experiment) -> None:
    """Every third call has a fault, while customers compete for the last units."""
    chance = random.Random(1)
    scarce = experiment.product(units=20)
    customers = [experiment.customer() for _ in range(8)]

    def choose_fault() -> Fault:
        if chance.random() < 2 / 3:
            return deliver
        fault = chance.choice(list(FAULTS))
        experiment.count_fault("any", f"call {fault}")
        return FAULTS[fault]

    def order(number: int) -> None:
        customer = customers[number % len(customers)]
        placed = experiment.place(customer, {scarce: 1})
        if number % 3 == 0 and experiment.final_state(customer, placed) == "CONFIRMED":
            experiment.cancel(customer, placed)

    experiment.shop.network.choose_fault = choose_fault
    run_simultaneously(order, range(32))
    experiment.verify()
    assert experiment.faults

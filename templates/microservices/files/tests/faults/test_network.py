"""A network that breaks, holds up and doubles calls."""

import random

import pytest

from acceptance.at_once import together

from .network import Fault, again, cut, deliver, late, late_answer, lose_answer, twice
from .traffic import traffic
from .trial import Trial

# Longer than one attempt waits, and longer than all attempts of a call do.
SLOW_SECONDS, SLOWER_SECONDS = 1.5, 4.0
STEPS = ["reserve", "debit", "commit", "clear cart", "refund", "release", "restock"]
FAULTS: dict[str, Fault] = {
    "lost": cut,
    "answer lost": lose_answer,
    "late": late(SLOWER_SECONDS),
    "answer late": late_answer(SLOW_SECONDS),
    "twice": twice,
    "again": again,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_call_of_each_step_is(trial: Trial, fault: str) -> None:
    """Lost, held up or doubled, once at each step."""
    with traffic(trial):
        for step in STEPS:
            trial.shop.strike(step, FAULTS[fault])
            trial.strikes += 1
    trial.conclude()
    assert trial.ends["CONFIRMED"]
    # There is plenty of everything.
    assert not trial.ends["out_of_stock"]


def test_the_network_is_bad(trial: Trial) -> None:
    """Every third call has a fault; customers go on, some of them for the last units."""
    chance = random.Random(1)
    scarce = trial.product(units=20)
    customers = [trial.customer() for _ in range(8)]

    def weather() -> Fault:
        if chance.random() < 2 / 3:
            return deliver
        trial.strikes += 1
        return chance.choice(list(FAULTS.values()))

    def order(number: int) -> None:
        customer = customers[number % len(customers)]
        placed = trial.place(customer, {scarce: 1})
        if number % 3 == 0 and trial.end_of(customer, placed) == "CONFIRMED":
            trial.cancel(customer, placed)

    trial.shop.network.weather = weather
    together(order, range(32))
    trial.conclude()
    assert trial.strikes

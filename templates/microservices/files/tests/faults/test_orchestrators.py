"""Two processes that steer orders on one database."""

import copy
import random

import pytest

from acceptance.at_once import together
from acceptance.caller import User, connect

from .network import after, deliver, late_answer, lose_answer
from .shop import STRIKE_SECONDS
from .trial import Trial


def through(user: User, url: str) -> User:
    """Return the same user, who calls the process at `url` instead of the gateway."""
    other = copy.copy(user)
    other.http = connect(url)
    return other


def test_both_steer_and_one_dies(trial: Trial) -> None:
    """Orders are placed at both and cancelled at both at once, on a bad network; one is killed twice."""
    chance = random.Random(2)
    sku, customer = trial.product(), trial.customer()
    with trial.shop.second("orders") as url:
        sides = [customer, through(customer, url)]
        trial.shop.network.weather = lambda: chance.choice([deliver, late_answer(0.3), lose_answer])

        def order(number: int) -> None:
            placed = trial.place(sides[number % 2], {sku: 1})
            if trial.end_of(sides[1], placed) == "CONFIRMED":
                together(lambda side: trial.cancel(side, placed), sides)

        for step in ("debit", "restock"):
            planned = trial.shop.network.plan(step, after(lambda: trial.shop.crash("orders")))
            together(order, range(12))
            trial.strikes += planned.struck.is_set()
        trial.conclude()
    assert trial.strikes == 2
    assert trial.ends["CANCELLED"]


@pytest.mark.parametrize("step", ["reserve", "debit"])
def test_who_was_thought_dead_comes_back(trial: Trial, step: str) -> None:
    """One stands still until the other has ended its orders, and then goes on where it was."""
    sku, customer = trial.product(), trial.customer()
    with trial.shop.second("orders") as url:
        second = through(customer, url)
        planned = trial.shop.network.plan(step, after(lambda: trial.shop.freeze("orders")))
        try:
            order = trial.place(customer, {sku: 1})
            assert planned.struck.wait(STRIKE_SECONDS)
            trial.strikes += 1
            trial.end_of(second, order)
        finally:
            trial.shop.thaw("orders")
        trial.conclude()

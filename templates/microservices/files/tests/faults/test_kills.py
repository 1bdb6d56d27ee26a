"""kill -9 of each service at each step of an order."""

from collections.abc import Callable
from functools import partial
from itertools import product

import pytest

from dev.architecture import SERVICES

from .network import Fault, after, before
from .traffic import traffic
from .trial import Trial

CALLEES = {
    "look up": "catalog",
    "reserve": "inventory",
    "debit": "payments",
    "commit": "inventory",
    "clear cart": "cart",
    "refund": "payments",
    "release": "inventory",
    "restock": "inventory",
}


@pytest.mark.parametrize("step", CALLEES)
def test_whoever_is_killed_at_a_step(trial: Trial, step: str) -> None:
    """Before the call arrives and before its answer does; caller, callee, and all who have no part in it."""
    bystanders = [each.name for each in SERVICES if each.name not in ("orders", CALLEES[step])]
    kills: list[tuple[Callable[[Callable[[], None]], Fault], list[str]]] = [
        *product((before, after), (["orders"], [CALLEES[step]])),
        (before, bystanders),
    ]
    with traffic(trial):
        for moment, victims in kills:
            trial.strike(step, moment(partial(trial.shop.kill, *victims)))
    trial.conclude()
    assert trial.ends["CONFIRMED"]

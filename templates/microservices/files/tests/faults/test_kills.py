"""kill -9 of each service at each step of an order."""

from functools import partial
from itertools import product

from dev.architecture import SERVICES

from .network import after, before
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


def test_whoever_is_killed_at_whatever_step(trial: Trial) -> None:
    """The caller and the callee, each before the call and before its answer; then all who have no part."""
    shop = trial.shop
    with traffic(trial):
        for step, callee in CALLEES.items():
            for victim, moment in product(("orders", callee), (before, after)):
                shop.strike(step, moment(partial(shop.crash, victim)))
                trial.strikes += 1
            bystanders = [each.name for each in SERVICES if each.name not in ("orders", callee)]
            shop.strike(step, before(partial(shop.crash, *bystanders)))
            trial.strikes += 1
    trial.conclude()
    assert trial.ends["CONFIRMED"]

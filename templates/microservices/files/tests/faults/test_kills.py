"""SIGKILL of each service at each step of an order."""

from functools import partial
from itertools import product

from dev.architecture import SERVICES

from .experiment import Experiment
from .network import after, before
from .traffic import traffic

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


def test_killing_any_service_at_any_step_loses_no_order(experiment: Experiment) -> None:
    """Kills the caller and the provider before each call and before its response, then all other services."""
    shop = experiment.shop
    with traffic(experiment):
        for step, callee in CALLEES.items():
            for victim, moment in product(("orders", callee), (before, after)):
                shop.inject(step, moment(partial(shop.crash, victim)))
                role = "caller" if victim == "orders" else "provider"
                when = "before the call" if moment is before else "before the response"
                experiment.count_fault(step, f"{role} killed {when}")
            bystanders = [each.name for each in SERVICES if each.name not in ("orders", callee)]
            shop.inject(step, before(partial(shop.crash, *bystanders)))
            experiment.count_fault(step, "all other services killed")
    experiment.verify()
    assert experiment.outcomes["CONFIRMED"]

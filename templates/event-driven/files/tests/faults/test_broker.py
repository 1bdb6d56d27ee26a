"""The broker goes down and comes back while customers order."""

import time

import pytest

from .traffic import traffic
from .trial import Trial

DOWN_SECONDS = 5.0


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_orders_that_are_placed_without_a_broker_go_through_when_it_is_back(trial: Trial, how: str) -> None:
    broker = trial.shop.broker
    if broker is None:
        pytest.skip("the embedded bus is no process of its own")
    with traffic(trial):
        trial.until_confirmed()
        getattr(broker, how)()
        trial.strikes += 1
        sku, customer = trial.product(), trial.customer()
        meanwhile = [trial.place(customer, {sku: 1}) for _ in range(10)]
        time.sleep(DOWN_SECONDS)
        broker.start()
        # Those that waited for longer than orders may wait are rejected; none is forgotten.
        assert {trial.end_of(customer, order) for order in meanwhile} <= {"CONFIRMED", "timeout"}
        trial.until_confirmed()
    trial.conclude()

"""The broker goes down and comes back while customers order."""

import time

import pytest

from .experiment import Experiment
from .traffic import traffic

DOWN_SECONDS = 5.0


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_orders_that_are_placed_without_a_broker_go_through_when_it_is_back(
    experiment: Experiment, how: str
) -> None:
    broker = experiment.shop.broker
    if broker is None:
        pytest.skip("the embedded bus is no process of its own")
    with traffic(experiment):
        experiment.until_confirmed()
        getattr(broker, how)()
        experiment.faults += 1
        sku, customer = experiment.product(), experiment.customer()
        meanwhile = [experiment.place(customer, {sku: 1}) for _ in range(10)]
        time.sleep(DOWN_SECONDS)
        broker.start()
        # Those that waited for longer than orders may wait are rejected; none is forgotten.
        assert {experiment.final_state(customer, order) for order in meanwhile} <= {"CONFIRMED", "timeout"}
        experiment.until_confirmed()
    experiment.verify()

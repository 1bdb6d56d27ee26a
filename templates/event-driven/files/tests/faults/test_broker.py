"""Broker outages while customers order."""

import time

import pytest

from .experiment import Experiment
from .traffic import traffic

DOWN_SECONDS = 5.0


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_orders_placed_during_a_broker_outage_are_processed_after_it(
    experiment: Experiment, how: str
) -> None:
    broker = experiment.shop.broker
    if broker is None:
        pytest.skip("the embedded bus has no process to stop")
    with traffic(experiment):
        experiment.until_confirmed()
        getattr(broker, how)()
        experiment.count_fault("any", f"broker {how}")
        sku, customer = experiment.product(), experiment.customer()
        meanwhile = [experiment.place(customer, {sku: 1}) for _ in range(10)]
        time.sleep(DOWN_SECONDS)
        broker.start()
        # Orders past their timeout are rejected; none is lost.
        assert {experiment.final_state(customer, order) for order in meanwhile} <= {"CONFIRMED", "timeout"}
        experiment.until_confirmed()
    experiment.verify()

"""Results that arrive after an order's timeout."""

import pytest

from .experiment import Experiment

ORDERS = 10
STEPS = {"inventory": "reserve", "payments": "debit"}
TIMEOUT_SECONDS = 2.0


@pytest.mark.parametrize("service", STEPS)
def test_a_result_after_the_timeout_is_compensated(experiment: Experiment, service: str) -> None:
    """Units reserved and money debited after the timeout are returned, or the step is refused.

    Neither is a failure: no event is dead-lettered.
    """
    before = experiment.shop.dead_letters()
    sku, customer = experiment.product(), experiment.customer()
    with experiment.shop.short_timeout(TIMEOUT_SECONDS):
        experiment.shop.kill(service)
        experiment.count_fault(STEPS[service], "timeout during the step", ORDERS)
        orders = [experiment.place(customer, {sku: 1}) for _ in range(ORDERS)]
        assert {experiment.final_state(customer, order) for order in orders} == {"timeout"}
        experiment.shop.launch(service)
        experiment.verify()
    assert experiment.shop.dead_letters() == before


def test_results_that_race_with_the_timeout_end_every_order_consistently(experiment: Experiment) -> None:
    """Orders end either way, with their units and money in the matching state."""
    sku, customer = experiment.product(), experiment.customer()
    with experiment.shop.short_timeout(0.05):
        for _ in range(6):
            orders = [experiment.place(customer, {sku: 1}) for _ in range(ORDERS)]
            experiment.count_fault("confirm", "timeout during the step", ORDERS)
            assert {experiment.final_state(customer, order) for order in orders} <= {"CONFIRMED", "timeout"}
        experiment.verify()

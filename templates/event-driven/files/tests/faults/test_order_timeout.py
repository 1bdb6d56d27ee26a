"""Orders are given up, and then the answer comes."""

import pytest

from .experiment import Experiment

ORDERS = 10
TIMEOUT_SECONDS = 2.0


@pytest.mark.parametrize("service", ["inventory", "payments"])
def test_an_answer_that_comes_after_the_order_was_given_up(experiment: Experiment, service: str) -> None:
    """Units that were promised, and money that was taken, go back; or neither happens any more.

    That is no failure: no event is given up.
    """
    before = experiment.shop.dead_letters()
    sku, customer = experiment.product(), experiment.customer()
    with experiment.shop.short_timeout(TIMEOUT_SECONDS):
        experiment.shop.kill(service)
        experiment.faults += 1
        orders = [experiment.place(customer, {sku: 1}) for _ in range(ORDERS)]
        assert {experiment.final_state(customer, order) for order in orders} == {"timeout"}
        experiment.shop.launch(service)
        experiment.verify()
    assert experiment.shop.dead_letters() == before


def test_answers_and_the_end_of_patience_at_the_same_moment(experiment: Experiment) -> None:
    """Orders end either way, and all that belongs to each ends with it."""
    sku, customer = experiment.product(), experiment.customer()
    with experiment.shop.short_timeout(0.05):
        for _ in range(6):
            orders = [experiment.place(customer, {sku: 1}) for _ in range(ORDERS)]
            assert {experiment.final_state(customer, order) for order in orders} <= {"CONFIRMED", "timeout"}
        experiment.verify()

"""Orders are given up, and then the answer comes."""

import pytest

from .trial import Trial

ORDERS = 10
PATIENCE_SECONDS = 2.0


@pytest.mark.parametrize("service", ["inventory", "payments"])
def test_an_answer_that_comes_after_the_order_was_given_up(trial: Trial, service: str) -> None:
    """Units that were promised, and money that was taken, go back; or neither happens any more.

    That is no failure: no event is given up.
    """
    before = trial.shop.letters()
    sku, customer = trial.product(), trial.customer()
    with trial.shop.impatient(PATIENCE_SECONDS):
        trial.shop.kill(service)
        trial.strikes += 1
        orders = [trial.place(customer, {sku: 1}) for _ in range(ORDERS)]
        assert {trial.end_of(customer, order) for order in orders} == {"timeout"}
        trial.shop.launch(service)
        trial.conclude()
    assert trial.shop.letters() == before


def test_answers_and_the_end_of_patience_at_the_same_moment(trial: Trial) -> None:
    """Orders end either way, and all that belongs to each ends with it."""
    sku, customer = trial.product(), trial.customer()
    with trial.shop.impatient(0.05):
        for _ in range(6):
            orders = [trial.place(customer, {sku: 1}) for _ in range(ORDERS)]
            assert {trial.end_of(customer, order) for order in orders} <= {"CONFIRMED", "timeout"}
        trial.conclude()

"""Races between customers, and between requests of one customer."""

from collections import Counter
from uuid import uuid4

from acceptance.simultaneous import run_simultaneously, send_simultaneously

from .experiment import Experiment
from .network import delay_response, duplicate

CLIENTS = 64


def test_the_last_unit_is_sold_once(experiment: Experiment) -> None:
    """64 concurrent clients order the last unit, and every call between services is duplicated."""
    sku = experiment.product(units=1)
    customers = [experiment.customer() for _ in range(8)]
    experiment.shop.network.choose_fault = lambda: duplicate
    keys = [str(uuid4()) for _ in range(CLIENTS)]
    owners = [customers[number % len(customers)] for number in range(CLIENTS)]
    requests = [owner.place_request({sku: 1}, key) for owner, key in zip(owners, keys, strict=True)]
    for owner, key, response in zip(owners, keys, send_simultaneously(owners[0], requests), strict=True):
        assert response.status_code == 202, response.text
        experiment.record(owner, response.json(), key)
    experiment.verify()
    assert sum(experiment.outcomes.values()) == CLIENTS
    assert experiment.outcomes["out_of_stock"] > CLIENTS / 2
    # On a busy machine, the order that reserved the unit may time out before it is paid.
    assert experiment.outcomes["CONFIRMED"] == 1 or experiment.outcomes["timeout"]


def test_a_repeated_post_creates_one_order(experiment: Experiment) -> None:
    """Eight concurrent clients post each order with the same key."""
    sku, customer = experiment.product(), experiment.customer()

    def post(key: str) -> str:
        return experiment.place(customer, {sku: 1}, key)

    keys = [str(uuid4()) for _ in range(8)]
    orders = run_simultaneously(post, keys * 8)
    assert set(Counter(orders).values()) == {8}
    experiment.verify()
    assert sum(experiment.outcomes.values()) == len(keys)


def test_a_cancellation_races_with_the_payment(experiment: Experiment) -> None:
    """Two clients keep cancelling each order from the moment it is placed."""
    sku, customer = experiment.product(), experiment.customer()
    experiment.shop.network.choose_fault = lambda: delay_response(0.05)

    def cancel_early(order: str) -> None:
        while (
            experiment.cancel(customer, order) == 409
            and experiment.read_order(customer, order)["state"] != "REJECTED"
        ):
            experiment.count_fault("any", "cancellation before the payment")

    for _ in range(4):
        orders = run_simultaneously(lambda _: experiment.place(customer, {sku: 1}), range(8))
        run_simultaneously(cancel_early, orders * 2)
    experiment.verify()
    assert set(experiment.outcomes) <= {"CANCELLED", "timeout"}
    assert experiment.outcomes["CANCELLED"]

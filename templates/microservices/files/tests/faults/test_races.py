"""Customers who get in each other's way, or in their own."""

from collections import Counter
from uuid import uuid4

from acceptance.simultaneous import run_simultaneously, send_simultaneously

from .experiment import Experiment
from .network import delay_response, duplicate

CLIENTS = 64


def test_the_last_unit_is_sold_once(experiment: Experiment) -> None:
    """Of 64 clients at once, each of whose calls is made twice."""
    sku = experiment.product(units=1)
    customers = [experiment.customer() for _ in range(8)]
    experiment.shop.network.choose_fault = lambda: duplicate
    keys = [str(uuid4()) for _ in range(CLIENTS)]
    owners = [customers[number % len(customers)] for number in range(CLIENTS)]
    requests = [owner.place_request({sku: 1}, key) for owner, key in zip(owners, keys, strict=True)]
    for owner, key, answer in zip(owners, keys, send_simultaneously(owners[0], requests), strict=True):
        assert answer.status_code == 202, answer.text
        experiment.record(owner, answer.json(), key)
    experiment.verify()
    assert sum(experiment.outcomes.values()) == CLIENTS
    assert experiment.outcomes["out_of_stock"] > CLIENTS / 2
    # Whoever holds the unit may be out of time before it is paid, on a machine that has other things to do.
    assert experiment.outcomes["CONFIRMED"] == 1 or experiment.outcomes["timeout"]


def test_a_post_is_repeated(experiment: Experiment) -> None:
    """Each order is posted by eight clients at once, under one key."""
    sku, customer = experiment.product(), experiment.customer()

    def post(key: str) -> str:
        return experiment.place(customer, {sku: 1}, key)

    keys = [str(uuid4()) for _ in range(8)]
    orders = run_simultaneously(post, keys * 8)
    assert set(Counter(orders).values()) == {8}
    experiment.verify()
    assert sum(experiment.outcomes.values()) == len(keys)


def test_cancelling_races_with_paying(experiment: Experiment) -> None:
    """Each order is cancelled over and over from the moment it is placed, by two clients."""
    sku, customer = experiment.product(), experiment.customer()
    experiment.shop.network.choose_fault = lambda: delay_response(0.05)

    def cancel_early(order: str) -> None:
        while (
            experiment.cancel(customer, order) == 409
            and experiment.read_order(customer, order)["state"] != "REJECTED"
        ):
            experiment.faults += 1

    for _ in range(4):
        orders = run_simultaneously(lambda _: experiment.place(customer, {sku: 1}), range(8))
        run_simultaneously(cancel_early, orders * 2)
    experiment.verify()
    assert set(experiment.outcomes) <= {"CANCELLED", "timeout"}
    assert experiment.outcomes["CANCELLED"]

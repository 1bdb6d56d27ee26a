"""Customers who get in each other's way, or in their own."""

from collections import Counter
from uuid import uuid4

from acceptance.at_once import at_once, together

from .network import late_answer, twice
from .trial import Trial

CLIENTS = 64


def test_the_last_unit_is_sold_once(trial: Trial) -> None:
    """Of 64 clients at once, each of whose calls is made twice."""
    sku = trial.product(units=1)
    customers = [trial.customer() for _ in range(8)]
    trial.shop.network.weather = lambda: twice
    keys = [str(uuid4()) for _ in range(CLIENTS)]
    owners = [customers[number % len(customers)] for number in range(CLIENTS)]
    requests = [owner.placing({sku: 1}, key) for owner, key in zip(owners, keys, strict=True)]
    for owner, key, answer in zip(owners, keys, at_once(owners[0], requests), strict=True):
        assert answer.status_code == 202, answer.text
        trial.saw(owner, answer.json(), key)
    trial.conclude()
    assert sum(trial.ends.values()) == CLIENTS
    assert trial.ends["out_of_stock"] > CLIENTS / 2
    # Whoever holds the unit may be out of time before it is paid, on a machine that has other things to do.
    assert trial.ends["CONFIRMED"] == 1 or trial.ends["timeout"]


def test_a_post_is_repeated(trial: Trial) -> None:
    """Each order is posted by eight clients at once, under one key."""
    sku, customer = trial.product(), trial.customer()

    def post(key: str) -> str:
        return trial.place(customer, {sku: 1}, key)

    keys = [str(uuid4()) for _ in range(8)]
    orders = together(post, keys * 8)
    assert set(Counter(orders).values()) == {8}
    trial.conclude()
    assert sum(trial.ends.values()) == len(keys)


def test_cancelling_races_with_paying(trial: Trial) -> None:
    """Each order is cancelled over and over from the moment it is placed, by two clients."""
    sku, customer = trial.product(), trial.customer()
    trial.shop.network.weather = lambda: late_answer(0.05)

    def cancel_early(order: str) -> None:
        while trial.cancel(customer, order) == 409 and trial.look(customer, order)["state"] != "REJECTED":
            trial.strikes += 1

    for _ in range(4):
        orders = together(lambda _: trial.place(customer, {sku: 1}), range(8))
        together(cancel_early, orders * 2)
    trial.conclude()
    assert set(trial.ends) <= {"CANCELLED", "timeout"}
    assert trial.ends["CANCELLED"]

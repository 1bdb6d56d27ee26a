"""Backlogs: events for every step of a service accumulate while the service is paused."""

import time
from collections.abc import Callable

from ..messages import INVENTORY, ORDERS, PAYMENTS
from .experiment import END_SECONDS, PRICE, Experiment
from .steps import count

ORDERS_OF_A_KIND = 4
# Services whose backlogs can grow together: the others must run meanwhile.
TOGETHER = [("inventory", "cart", "notifications"), ("payments",), ("orders",)]


def accumulate(experiment: Experiment, services: tuple[str, ...]) -> None:
    """Pause the services, and return when events for each of their steps are waiting for them."""
    experiment.until_usable()
    shop, sku = experiment.shop, experiment.product()
    customer, poor = experiment.customer(), experiment.customer(balance=PRICE - 1)

    def place_some() -> list[str]:
        return [experiment.place(customer, {sku: 1}) for _ in range(ORDERS_OF_A_KIND)]

    def cancel_all() -> None:
        for order in finished:
            assert experiment.cancel(customer, order) == 202

    finished = place_some()
    assert {experiment.final_state(customer, order) for order in finished} == {"CONFIRMED"}
    shop.pause("payments")
    experiment.fill_cart(customer, sku)
    from_cart = experiment.check_out(customer)
    assert from_cart is not None
    affordable = [from_cart, *place_some()]
    too_expensive = [experiment.place(poor, {sku: 1}) for _ in range(ORDERS_OF_A_KIND)]
    undecided = len(affordable) + len(too_expensive)
    _until(lambda: experiment.seeder.stock(sku)[1] == undecided)
    if services == ("payments",):
        cancel_all()
        _until(lambda: _waiting(experiment, "payments", INVENTORY) >= undecided)
        _until(lambda: _waiting(experiment, "payments", ORDERS) >= ORDERS_OF_A_KIND)
    elif services == ("orders",):
        shop.pause("orders")
        shop.resume("payments")
        _until(lambda: _waiting(experiment, "orders", PAYMENTS) >= undecided)
    else:
        for service in services:
            shop.pause(service)
        shop.resume("payments")
        assert {experiment.final_state(customer, order) for order in affordable} == {"CONFIRMED"}
        assert {experiment.final_state(poor, order) for order in too_expensive} == {"payment_declined"}
        cancel_all()
        place_some()
        for service in services:
            _until(lambda: _waiting(experiment, service, ORDERS) >= undecided + 2 * ORDERS_OF_A_KIND)  # noqa: B023
    for service in services:
        count(experiment, service, "consumer paused")


def _waiting(experiment: Experiment, group: str, topic: str) -> int:
    lag = experiment.shop.messages.lag(group)
    return sum(number for partition, number in lag.items() if partition.topic == topic)


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + END_SECONDS
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.1)

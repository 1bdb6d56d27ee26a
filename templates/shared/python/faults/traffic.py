"""Background traffic: customers who order, lack money, or cancel."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from .experiment import PRICE, Experiment

PAUSE_SECONDS = 0.2


@contextmanager
def traffic(experiment: Experiment) -> Iterator[None]:
    """Place orders of all kinds while the block runs; each customer waits for the end of an order."""
    sku = experiment.product()
    kinds = [*[_buy_from_cart] * 3, *[_buy_without_money] * 2, *[_buy_and_cancel] * 3]
    customers = [kind(experiment, sku) for kind in kinds]
    over = threading.Event()

    def repeat(act: Callable[[], None]) -> None:
        while not over.wait(PAUSE_SECONDS):
            act()

    with ThreadPoolExecutor(len(customers)) as pool:
        customer_loops = [pool.submit(repeat, customer) for customer in customers]
        try:
            yield
        finally:
            over.set()
            # Also if the block failed: it may have waited for what a customer that failed no longer did.
            for each in customer_loops:
                each.result()


@contextmanager
def verified_traffic(experiment: Experiment) -> Iterator[None]:
    """Like `traffic`, with a confirmed order at the begin and at the end; then verify every invariant."""
    with traffic(experiment):
        experiment.until_confirmed()
        yield
        experiment.until_confirmed()
    experiment.verify()


def _buy_from_cart(experiment: Experiment, sku: str) -> Callable[[], None]:
    customer = experiment.customer()

    def act() -> None:
        experiment.fill_cart(customer, sku)
        order = experiment.check_out(customer)
        if order is not None:
            experiment.final_state(customer, order)

    return act


def _buy_without_money(experiment: Experiment, sku: str) -> Callable[[], None]:
    customer = experiment.customer(balance=PRICE - 1)

    def act() -> None:
        experiment.final_state(customer, experiment.place(customer, {sku: 1}))

    return act


def _buy_and_cancel(experiment: Experiment, sku: str) -> Callable[[], None]:
    customer = experiment.customer()

    def act() -> None:
        order = experiment.place(customer, {sku: 1})
        if experiment.final_state(customer, order) == "CONFIRMED":
            experiment.cancel(customer, order)

    return act

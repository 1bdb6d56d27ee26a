"""Customers who order, are too poor, or change their minds, all the time."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

from .trial import PRICE, Trial

PAUSE_SECONDS = 0.2


@contextmanager
def traffic(trial: Trial) -> Iterator[None]:
    """Keep all kinds of orders coming while the block runs."""
    sku = trial.product()
    kinds = [*[_buy_from_cart] * 2, *[_buy_without_money] * 2, *[_buy_and_cancel] * 2]
    customers = [kind(trial, sku) for kind in kinds]
    over = threading.Event()

    def live(act: Callable[[], None]) -> None:
        while not over.wait(PAUSE_SECONDS):
            act()

    with ThreadPoolExecutor(len(customers)) as pool:
        lives = [pool.submit(live, customer) for customer in customers]
        try:
            yield
        finally:
            over.set()
    for each in lives:
        each.result()


def _buy_from_cart(trial: Trial, sku: str) -> Callable[[], None]:
    customer = trial.customer()

    def act() -> None:
        trial.fill_cart(customer, sku)
        trial.check_out(customer)

    return act


def _buy_without_money(trial: Trial, sku: str) -> Callable[[], None]:
    customer = trial.customer(balance=PRICE - 1)

    def act() -> None:
        trial.place(customer, {sku: 1})

    return act


def _buy_and_cancel(trial: Trial, sku: str) -> Callable[[], None]:
    customer = trial.customer()

    def act() -> None:
        order = trial.place(customer, {sku: 1})
        if trial.end_of(customer, order) == "CONFIRMED":
            trial.cancel(customer, order)

    return act

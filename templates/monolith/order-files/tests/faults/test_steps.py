"""Faults of the process and of the database at each step of an order, in the middle of its transaction."""

import time
from contextlib import ExitStack

import pytest

from .experiment import Experiment
from .server_processes import crash_database, needs_server, skip_without_crashes
from .traffic import verified_traffic

# Longer than the database waits for a transaction's next statement, and for a lock (chassis/timeouts.py).
PAUSE_SECONDS, LOCK_SECONDS = 6.0, 3.5
STEPS = {
    "look up": None,
    "reserve": ("inventory", "stock"),
    "debit": ("payments", "wallet"),
    "clear cart": ("cart", "cart_item"),
    "store": None,
    "commit": None,
    "cancel": ("orders", "order"),
    "restock": ("inventory", "stock"),
    "refund": ("payments", "wallet"),
    "deliver": None,
}
"""The steps of an order, and the schema and table whose rows a step may have to wait for."""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_killing_the_process_at_any_step_loses_no_order(experiment: Experiment, moment: str) -> None:
    """A transaction takes effect as a whole or not at all, and its events are delivered."""
    shop = experiment.shop
    with verified_traffic(experiment):
        for step in STEPS:
            with shop.stopped_at(step, moment):
                shop.kill()
            shop.start()
            experiment.count_fault(step, f"process killed {moment} the step")


@needs_server
def test_pausing_the_process_at_any_step_loses_no_order(experiment: Experiment) -> None:
    """Meanwhile, the database ends the transaction, and its locks."""
    shop = experiment.shop
    with verified_traffic(experiment):
        for step in STEPS:
            with shop.stopped_at(step, "after"), shop.paused():
                time.sleep(PAUSE_SECONDS)
            experiment.count_fault(step, "process paused")


@needs_server
@pytest.mark.parametrize("kind", ["cut connections", "crash"])
def test_database_failures_at_any_step_lose_no_order(experiment: Experiment, kind: str) -> None:
    """The transaction is lost; the client's repetition with the same key starts a new one."""
    if kind == "crash":
        skip_without_crashes()
    shop = experiment.shop
    with verified_traffic(experiment):
        for step in STEPS:
            with shop.stopped_at(step, "after"):
                crash_database() if kind == "crash" else shop.cut_database()
            experiment.count_fault(step, f"database: {kind}")
            shop.recover()


@needs_server
def test_locks_that_are_held_for_long_lose_no_order(experiment: Experiment) -> None:
    """An order that waits too long for a lock is rolled back, and clients repeat it."""
    shop = experiment.shop
    with verified_traffic(experiment):
        for step, table in STEPS.items():
            if table is not None:
                with ExitStack() as lock:
                    with shop.stopped_at(step, "before"):
                        lock.enter_context(shop.locked(*table))
                    time.sleep(LOCK_SECONDS)
                experiment.count_fault(step, "rows locked")

"""Outages and crashes of the database server at each step of an order."""

import time
from collections.abc import Callable
from functools import partial

import pytest

from .experiment import Experiment
from .network import STEPS, after
from .server_processes import crash_database, needs_server, skip_without_crashes
from .traffic import verified_traffic

DOWN_SECONDS = 1.0

pytestmark = needs_server


def cut_connections(experiment: Experiment) -> None:
    """Break every connection to the server, and refuse new ones for a while."""
    experiment.shop.cut_databases()
    time.sleep(DOWN_SECONDS)
    experiment.shop.restore_databases()


def crash(_experiment: Experiment) -> None:
    """Kill and restart the server."""
    crash_database()


@pytest.mark.parametrize("fault", [cut_connections, crash])
def test_orders_end_consistently_despite_database_outages(
    experiment: Experiment, fault: Callable[[Experiment], None]
) -> None:
    """The server fails when the provider has done the step, before the orders service gets the response."""
    if fault is crash:
        skip_without_crashes()
    with verified_traffic(experiment):
        for step in STEPS:
            experiment.shop.inject(step, after(partial(fault, experiment)))
            experiment.count_fault(step, f"database: {fault.__name__.replace('_', ' ')}")

"""Outages and crashes of the database server at each step of an order."""

import os
import shlex
import subprocess
import time
from collections.abc import Callable
from functools import partial

import pytest

from .experiment import Experiment
from .network import STEPS, after
from .traffic import traffic

DOWN_SECONDS = 1.0

pytestmark = pytest.mark.skipif(
    "TEST_DATABASE_URL" not in os.environ, reason="embedded databases have no server; set TEST_DATABASE_URL"
)


def cut_connections(experiment: Experiment) -> None:
    """Break every connection to the server, and refuse new ones for a while."""
    experiment.shop.cut_databases()
    time.sleep(DOWN_SECONDS)
    experiment.shop.restore_databases()


def crash(_experiment: Experiment) -> None:
    """Run the command in TEST_DATABASE_CRASH, which kills and restarts the server."""
    subprocess.run(shlex.split(os.environ["TEST_DATABASE_CRASH"]), check=True)


@pytest.mark.parametrize("fault", [cut_connections, crash])
def test_orders_end_consistently_despite_database_outages(
    experiment: Experiment, fault: Callable[[Experiment], None]
) -> None:
    """The server fails when the provider has done the step, before the orders service gets the response."""
    if fault is crash and "TEST_DATABASE_CRASH" not in os.environ:
        pytest.skip("set TEST_DATABASE_CRASH to a command that kills and restarts the server")
    with traffic(experiment):
        experiment.until_confirmed()
        for step in STEPS:
            experiment.shop.inject(step, after(partial(fault, experiment)))
            experiment.count_fault(step, f"database: {fault.__name__.replace('_', ' ')}")
        experiment.until_confirmed()
    experiment.verify()

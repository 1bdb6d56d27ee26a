"""Outages and crashes of the database server."""

import os
import shlex
import subprocess
import time
from collections.abc import Callable

import pytest

from .experiment import Experiment
from .traffic import traffic

DOWN_SECONDS = 3.0

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
    if "TEST_DATABASE_CRASH" not in os.environ:
        pytest.skip("set TEST_DATABASE_CRASH to a command that kills and restarts the server")
    subprocess.run(shlex.split(os.environ["TEST_DATABASE_CRASH"]), check=True)


@pytest.mark.parametrize("fault", [cut_connections, crash])
def test_orders_end_consistently_despite_database_outages(
    experiment: Experiment, fault: Callable[[Experiment], None]
) -> None:
    """The database server fails three times while customers order."""
    with traffic(experiment):
        for _ in range(3):
            experiment.until_confirmed()
            fault(experiment)
            experiment.count_fault("any", f"database: {fault.__name__.replace('_', ' ')}")
        experiment.until_confirmed()
    experiment.verify()

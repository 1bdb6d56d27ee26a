"""A crash of the database server while customers order."""

import os
import shlex
import subprocess

import pytest

from .experiment import Experiment
from .traffic import traffic


@pytest.mark.skipif(
    not {"TEST_DATABASE_URL", "TEST_DATABASE_CRASH"} <= os.environ.keys(),
    reason="needs a server in TEST_DATABASE_URL, and in TEST_DATABASE_CRASH a command that crashes it",
)
def test_a_database_crash_loses_no_committed_order(experiment: Experiment) -> None:
    """Committed changes persist; events whose transaction was lost are redelivered."""
    before = experiment.shop.dead_letters()
    with traffic(experiment):
        experiment.until_confirmed()
        experiment.count_fault("any", "database: crash")
        subprocess.run(shlex.split(os.environ["TEST_DATABASE_CRASH"]), check=True)
        experiment.until_confirmed()
    experiment.verify()
    assert experiment.shop.dead_letters() == before

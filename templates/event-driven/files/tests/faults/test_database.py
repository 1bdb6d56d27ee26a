"""The database server goes away and comes back while customers order."""

import os
import shlex
import subprocess

import pytest

from .traffic import traffic
from .trial import Trial


@pytest.mark.skipif(
    not {"TEST_DATABASE_URL", "TEST_DATABASE_CRASH"} <= os.environ.keys(),
    reason="needs a server in TEST_DATABASE_URL, and in TEST_DATABASE_CRASH a command that crashes it",
)
def test_the_database_crashes_and_comes_back(trial: Trial) -> None:
    """What was committed is still there; what was not comes again."""
    before = trial.shop.letters()
    with traffic(trial):
        trial.until_confirmed()
        trial.strikes += 1
        subprocess.run(shlex.split(os.environ["TEST_DATABASE_CRASH"]), check=True)
        trial.until_confirmed()
    trial.conclude()
    assert trial.shop.letters() == before

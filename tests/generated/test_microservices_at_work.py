"""The microservices under faults, on a real PostgreSQL and a real Redis."""

import shlex
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.servers import crash
from tests.servers.caches import redis
from tests.servers.databases import postgresql

from . import microservices
from .environment import environment_for_all

OPTIONS = {"database": "postgresql", "cache": "redis", "auth": "jwt"}
SECONDS = 1800


def test_they_keep_the_contract(tmp_path: Path) -> None:
    """The acceptance suite, unchanged, and the audit after it, on a real PostgreSQL and a real Redis."""
    project = microservices.shop(tmp_path / "project", OPTIONS)
    python = str(environment_for_all() / "bin/python")
    with postgresql(tmp_path) as database, redis(tmp_path) as cache:
        servers = {"TEST_DATABASE_URL": database, "TEST_CACHE_URL": cache}
        done = microservices.run(
            [python, "-m", "pytest", "tests/test_acceptance.py"], project, servers, SECONDS
        )
    assert done.returncode == 0, done.stdout[-6000:]


@pytest.mark.long
def test_they_survive_faults(tmp_path: Path) -> None:
    """Its own `make faults`: processes killed, calls lost, the database crashed; and nothing is skipped."""
    project = microservices.shop(tmp_path / "project", OPTIONS)
    # What it has committed must survive the crash, or else orders are lost whose units are reserved.
    with postgresql(tmp_path, fsync=True) as database, redis(tmp_path) as cache:
        crashing = [sys.executable, crash.__file__, str(urlsplit(database).port)]
        variables = {
            "TEST_DATABASE_URL": database,
            "TEST_CACHE_URL": cache,
            "TEST_DATABASE_CRASH": shlex.join(crashing),
        }
        command = ["make", "faults", f"VENV={environment_for_all()}", "ARGS=--show-capture=no"]
        outcome = microservices.run(command, project, variables, SECONDS)
    print(outcome.stdout[outcome.stdout.find("orders under faults") :])
    assert outcome.returncode == 0, outcome.stdout[-6000:]
    assert " skipped" not in outcome.stdout

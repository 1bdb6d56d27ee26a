"""The microservices under faults, on a real PostgreSQL and a real Redis."""

from pathlib import Path

import pytest

from tests.servers.caches import redis
from tests.servers.crash import crashable
from tests.servers.databases import postgresql

from .environment import environment_for_all, python_for_all
from .running import end_of, run, shop

OPTIONS = {"database": "postgresql", "cache": "redis", "auth": "jwt"}


def test_they_keep_the_contract(tmp_path: Path) -> None:
    """The acceptance suite, unchanged, and the audit after it, on a real PostgreSQL and a real Redis."""
    project = shop("microservices", tmp_path / "project", OPTIONS)
    with postgresql(tmp_path) as database, redis(tmp_path) as cache:
        servers = {"TEST_DATABASE_URL": database, "TEST_CACHE_URL": cache}
        done = run([python_for_all(), "-m", "pytest", "tests/test_acceptance.py"], project, servers)
    assert done.returncode == 0, end_of(done)


@pytest.mark.long
def test_they_survive_faults(tmp_path: Path) -> None:
    """Its own `make faults`: processes killed, calls lost, the database crashed; and nothing is skipped."""
    project = shop("microservices", tmp_path / "project", OPTIONS)
    # What it has committed must survive the crash, or else orders are lost whose units are reserved.
    with postgresql(tmp_path, fsync=True) as database, redis(tmp_path) as cache:
        variables = {"TEST_CACHE_URL": cache} | crashable(database)
        command = ["make", "faults", f"VENV={environment_for_all()}", "ARGS=--show-capture=no"]
        done = run(command, project, variables)
    print(done.stdout[done.stdout.find("orders under faults") :])
    assert done.returncode == 0, end_of(done)
    assert " skipped" not in done.stdout

"""The microservices under faults, on a real PostgreSQL and a real Redis."""

from pathlib import Path

import pytest

from tests.servers.caches import redis
from tests.servers.databases import postgresql

from .environment import python_for_all
from .running import end_of, run, shop
from .surviving import survive

OPTIONS = {"database": "postgresql", "cache": "redis", "auth": "jwt"}


@pytest.mark.thorough
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
    survive(shop("microservices", tmp_path / "project", OPTIONS), tmp_path, "faults")

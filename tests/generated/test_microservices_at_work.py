"""The microservices on a real PostgreSQL and a real Redis, with and without faults."""

from pathlib import Path

import pytest

from tests.servers.caches import redis
from tests.servers.databases import postgresql

from .environment import python_for_all
from .running import end_of, run, shop
from .surviving import survive

OPTIONS = {"database": "postgresql", "cache": "redis", "auth": "jwt"}


@pytest.mark.thorough
def test_microservices_pass_the_acceptance_suite(tmp_path: Path) -> None:
    """The microservices pass the acceptance suite and the audit on PostgreSQL and Redis."""
    project = shop("microservices", tmp_path / "project", OPTIONS)
    with postgresql(tmp_path) as database, redis(tmp_path) as cache:
        servers = {"TEST_DATABASE_URL": database, "TEST_CACHE_URL": cache}
        done = run([python_for_all(), "-m", "pytest", "tests/test_acceptance.py"], project, servers)
    assert done.returncode == 0, end_of(done)


@pytest.mark.long
@pytest.mark.parametrize("database", ["postgresql", "mysql"])
def test_microservices_survive_faults(database: str, tmp_path: Path) -> None:
    """`make faults` passes with killed processes, lost calls and a crashed database; no test is skipped."""
    project = shop("microservices", tmp_path / "project", OPTIONS | {"database": database})
    survive("microservices", project, tmp_path, database)

"""Microservices with several contexts in one service pass all that a shop of their own has to pass."""

from pathlib import Path

import pytest

from blueprint.patterns import Value
from tests.servers.caches import memcached, redis
from tests.servers.databases import mariadb, postgresql

from .environment import environment_for_all, python_for_all
from .groupings import CHOSEN, COARSE
from .running import end_of, run, shop


@pytest.mark.thorough
def test_a_grouping_keeps_its_contract(tmp_path: Path) -> None:
    """Lint, boundaries, contracts, access, traces, acceptance and audit of a shop with three services.

    Its contexts are those of the shop with a service for each, whose unit tests test_at_work.py runs.
    """
    project = shop("microservices", tmp_path, {"deployables": COARSE, "cache": "memory"})
    linted = run(["make", "lint", f"VENV={environment_for_all()}"], project)
    assert linted.returncode == 0, end_of(linted)
    done = run([python_for_all(), "-m", "pytest", "--ignore", "tests/faults", "tests"], project)
    assert done.returncode == 0, end_of(done)


@pytest.mark.long
@pytest.mark.parametrize("name", CHOSEN)
def test_a_grouping_passes_its_own_suite(name: str, tmp_path: Path) -> None:
    """Lint, the unit tests of each service, boundaries, contracts, access, traces, acceptance and audit."""
    project = shop("microservices", tmp_path, {"deployables": CHOSEN[name], "cache": "memory"})
    for target in ("lint", "test"):
        done = run(["make", target, f"VENV={environment_for_all()}"], project)
        assert done.returncode == 0, end_of(done)


@pytest.mark.long
def test_three_services_keep_their_contract_on_postgresql(tmp_path: Path) -> None:
    """The acceptance suite and the audit pass on PostgreSQL and Redis."""
    with postgresql(tmp_path) as database, redis(tmp_path) as cache:
        check_acceptance("postgresql", "redis", database, cache, tmp_path)


@pytest.mark.long
def test_three_services_keep_their_contract_on_mariadb(tmp_path: Path) -> None:
    """The acceptance suite and the audit pass on MariaDB and memcached."""
    with mariadb(tmp_path) as database, memcached(tmp_path) as cache:
        check_acceptance("mysql", "memcached", database, cache, tmp_path)


def check_acceptance(database: str, cache: str, database_url: str, cache_url: str, folder: Path) -> None:
    """Run the acceptance tests of the shop with three services on these servers."""
    options: dict[str, Value] = {"deployables": CHOSEN["coarse"], "database": database, "cache": cache}
    project = shop("microservices", folder / "project", options)
    servers = {"TEST_DATABASE_URL": database_url, "TEST_CACHE_URL": cache_url}
    done = run([python_for_all(), "-m", "pytest", "tests/test_acceptance.py"], project, servers)
    assert done.returncode == 0, end_of(done)

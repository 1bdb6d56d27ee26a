"""Generated projects at work: their own `make lint` and `make test`, embedded and on real servers."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.servers.caches import memcached, redis
from tests.servers.databases import mariadb, postgresql

from .combinations import Combination, label, pairwise
from .environment import environment_for_all
from .projects import COMBINATIONS, tree_of, write

SELECTION = pairwise(COMBINATIONS)
POSTGRESQL_AND_REDIS = {"database": "postgresql", "cache": "redis", "auth": "jwt", "load_balancer": "nginx"}
MYSQL_AND_MEMCACHED = {
    "database": "mysql",
    "cache": "memcached",
    "auth": "oauth2",
    "load_balancer": "haproxy",
}


@pytest.fixture(scope="session")
def environment() -> Path:
    """A Python environment with what any generated project needs, so that not each test installs it."""
    return environment_for_all()


@pytest.mark.parametrize("combination", SELECTION, ids=label)
def test_its_own_checks_pass(combination: Combination, environment: Path, tmp_path: Path) -> None:
    """Style, types, boundaries and all tests of the project pass, with nothing but Python."""
    make(combination, tmp_path / "project", environment, "lint", "test")


def test_on_postgresql_and_redis(environment: Path, tmp_path: Path) -> None:
    """All tests of the project pass on a real PostgreSQL and a real Redis."""
    with postgresql(tmp_path) as database, redis(tmp_path) as cache:
        servers = {"TEST_DATABASE_URL": database, "TEST_CACHE_URL": cache}
        make(the_one_with(POSTGRESQL_AND_REDIS), tmp_path / "project", environment, "test", servers=servers)


def test_on_mariadb_and_memcached(environment: Path, tmp_path: Path) -> None:
    """All tests of the project pass on a real MariaDB and a real memcached."""
    with mariadb(tmp_path) as database, memcached(tmp_path) as cache:
        servers = {"TEST_DATABASE_URL": database, "TEST_CACHE_URL": cache}
        make(the_one_with(MYSQL_AND_MEMCACHED), tmp_path / "project", environment, "test", servers=servers)


def the_one_with(options: Combination) -> Combination:
    """The first combination that has these options."""
    return next(each for each in COMBINATIONS if options.items() <= each.items())


def make(
    combination: Combination,
    folder: Path,
    environment: Path,
    *targets: str,
    servers: dict[str, str] | None = None,
) -> None:
    """Write the project and run `make` in it; fail with the end of what it said."""
    write(tree_of(combination), folder)
    ours = {"VIRTUAL_ENV", "PYTHONPATH", "MAKEFLAGS", "MAKELEVEL", "MFLAGS"}
    variables = {name: value for name, value in os.environ.items() if name not in ours}
    done = subprocess.run(
        ["make", *targets, f"VENV={environment}"],
        cwd=folder,
        env=variables | (servers or {}),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, f"make {' '.join(targets)} with {label(combination)}:\n{done.stdout[-6000:]}"

"""Generated projects pass their own `make lint` and `make test`, embedded and on real servers."""

from pathlib import Path

import pytest

from tests.servers.caches import memcached, redis
from tests.servers.databases import mariadb, postgresql

from .combinations import Combination, label, pairwise
from .environment import environment_for_all
from .projects import PATTERN, PATTERNS, combinations_of, tree_of, write
from .running import end_of, run


def _tier(pattern: str, number: int) -> pytest.MarkDecorator:
    """Return the tier of a combination: suites take minutes, so CI runs few, and `make test-long` the others.

    Those of the monolith in CI, here and on real servers below, have all values of options together.
    """
    tiers = {0: "slow", 2: "thorough"} if pattern == PATTERN else {0: "thorough"}
    tier: pytest.MarkDecorator = getattr(pytest.mark, tiers.get(number, "long"))
    return tier


# Covers every pair of option values.
SELECTION = [
    pytest.param(pattern, each, marks=_tier(pattern, number), id=f"{pattern}-{label(each)}")
    for pattern in PATTERNS
    for number, each in enumerate(pairwise(combinations_of(pattern)))
]
POSTGRESQL_AND_REDIS: Combination = {
    "database": "postgresql",
    "cache": "redis",
    "auth": "jwt",
    "load_balancer": "nginx",
}
MYSQL_AND_MEMCACHED: Combination = {
    "database": "mysql",
    "cache": "memcached",
    "auth": "oauth2",
    "load_balancer": "haproxy",
    "kubernetes": False,
    "observability": False,
}
# Orders and their way through all services.
CENTRAL = "acceptance/test_orders.py"


@pytest.fixture(scope="session")
def environment() -> Path:
    """Shared Python environment, so that tests do not install packages."""
    return environment_for_all()


@pytest.mark.parametrize(("pattern", "combination"), SELECTION)
def test_project_passes_its_own_checks(
    pattern: str, combination: Combination, environment: Path, tmp_path: Path
) -> None:
    """Lint, types, boundaries and all tests of the project pass with only Python."""
    make(pattern, combination, tmp_path / "project", environment, "lint", "test")


@pytest.mark.slow
@pytest.mark.parametrize("pattern", [each for each in PATTERNS if each != PATTERN])
def test_distributed_shop_keeps_its_contract(pattern: str, environment: Path, tmp_path: Path) -> None:
    """Boundaries, the acceptance tests of orders and the audit of the project pass with only Python.

    The same project passes its whole suite in test_project_passes_its_own_checks.
    """
    project = write(tree_of(first_with(pattern, {}), pattern=pattern), tmp_path / "project")
    tests = ("tests/test_acceptance.py", "tests/test_boundaries.py")
    done = run([str(environment / "bin/python"), "-m", "pytest", *tests], project, {"ACCEPTANCE": CENTRAL})
    assert done.returncode == 0, end_of(done)


# test_microservices_at_work.py runs the microservices on these two servers, with faults.
@pytest.mark.thorough
@pytest.mark.parametrize("pattern", [PATTERN, pytest.param("event-driven", marks=pytest.mark.long)])
def test_on_postgresql_and_redis(pattern: str, environment: Path, tmp_path: Path) -> None:
    """All tests of the project pass on a real PostgreSQL and a real Redis."""
    with postgresql(tmp_path) as database, redis(tmp_path) as cache:
        servers = {"TEST_DATABASE_URL": database, "TEST_CACHE_URL": cache}
        combination = first_with(pattern, POSTGRESQL_AND_REDIS)
        make(pattern, combination, tmp_path / "project", environment, "test", servers=servers)


@pytest.mark.thorough
@pytest.mark.parametrize("pattern", [PATTERN, pytest.param("microservices", marks=pytest.mark.long)])
def test_on_mariadb_and_memcached(pattern: str, environment: Path, tmp_path: Path) -> None:
    """Lint and all tests of the project pass on a real MariaDB and a real memcached."""
    with mariadb(tmp_path) as database, memcached(tmp_path) as cache:
        servers = {"TEST_DATABASE_URL": database, "TEST_CACHE_URL": cache}
        combination = first_with(pattern, MYSQL_AND_MEMCACHED)
        make(pattern, combination, tmp_path / "project", environment, "lint", "test", servers=servers)


def first_with(pattern: str, options: Combination) -> Combination:
    """Return the first combination with these options."""
    return next(each for each in combinations_of(pattern) if options.items() <= each.items())


def make(
    pattern: str,
    combination: Combination,
    folder: Path,
    environment: Path,
    *targets: str,
    servers: dict[str, str] | None = None,
) -> None:
    """Write the project and run `make` in it; on failure, report the end of the output."""
    write(tree_of(combination, pattern=pattern), folder)
    done = run(["make", *targets, f"VENV={environment}"], folder, servers)
    assert done.returncode == 0, (
        f"make {' '.join(targets)} of {pattern} with {label(combination)}:\n{end_of(done)}"
    )

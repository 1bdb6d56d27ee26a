"""Shops with several contexts in one service pass all that a shop of their own has to pass."""

from contextlib import ExitStack
from pathlib import Path

import pytest

from blueprint.patterns import Value
from tests.servers.caches import memcached, redis
from tests.servers.databases import mariadb, postgresql
from tests.servers.kafka import kafka

from .environment import ROOT, environment_for_all, python_for_all
from .groupings import CHOSEN, COARSE, EVENTS_CHOSEN, EVENTS_COARSE
from .running import end_of, run, shop

GROUPS = {"microservices": COARSE, "event-driven": EVENTS_COARSE}
WHOLE = [
    *(pytest.param("microservices", each, id=name) for name, each in CHOSEN.items()),
    *(pytest.param("event-driven", each, id=f"{name} events") for name, each in EVENTS_CHOSEN.items()),
]
every_pattern = pytest.mark.parametrize("pattern", GROUPS)


def grouped(pattern: str, folder: Path, options: dict[str, Value]) -> Path:
    """Generate a shop with coarse services."""
    project = shop(pattern, folder, {"deployables": GROUPS[pattern]} | options)
    # The broker's jars are downloaded to this folder once.
    (ROOT / "build").mkdir(exist_ok=True)
    (project / "build").symlink_to(ROOT / "build")
    return project


@pytest.mark.thorough
@every_pattern
def test_a_grouping_keeps_its_contract(pattern: str, tmp_path: Path) -> None:
    """Lint, boundaries, contracts, access, traces, acceptance and audit of a shop with a few services.

    Its contexts are those of the shop with a service for each, whose unit tests test_at_work.py runs.
    """
    project = grouped(pattern, tmp_path / "shop", {"cache": "memory"})
    linted = run(["make", "lint", f"VENV={environment_for_all()}"], project)
    assert linted.returncode == 0, end_of(linted)
    sources = [f"services/{path.name}/src" for path in (project / "services").iterdir()]
    variables = {"PYTHONPATH": ":".join(["libs/src", *sources, "."])}
    done = run([python_for_all(), "-m", "pytest", "--ignore", "tests/faults", "tests"], project, variables)
    assert done.returncode == 0, end_of(done)


@pytest.mark.long
@pytest.mark.parametrize(("pattern", "grouping"), WHOLE)
def test_a_grouping_passes_its_own_suite(pattern: str, grouping: list[list[str]], tmp_path: Path) -> None:
    """Lint, the unit tests of each service, boundaries, contracts, access, traces, acceptance and audit."""
    project = shop(pattern, tmp_path, {"deployables": grouping, "cache": "memory"})
    for target in ("lint", "test"):
        done = run(["make", target, f"VENV={environment_for_all()}"], project)
        assert done.returncode == 0, end_of(done)


@pytest.mark.long
@every_pattern
def test_a_few_services_keep_their_contract_on_postgresql(pattern: str, tmp_path: Path) -> None:
    """The acceptance suite and the audit pass on PostgreSQL, Redis and, with events, Kafka."""
    with postgresql(tmp_path) as database, redis(tmp_path) as cache:
        project = grouped(pattern, tmp_path / "project", {"database": "postgresql", "cache": "redis"})
        check_acceptance(project, database, cache, tmp_path)


@pytest.mark.long
@every_pattern
def test_a_few_services_keep_their_contract_on_mariadb(pattern: str, tmp_path: Path) -> None:
    """The acceptance suite and the audit pass on MariaDB, memcached and, with events, Kafka."""
    with mariadb(tmp_path) as database, memcached(tmp_path) as cache:
        project = grouped(pattern, tmp_path / "project", {"database": "mysql", "cache": "memcached"})
        check_acceptance(project, database, cache, tmp_path)


@pytest.mark.long
def test_killed_services_with_several_groups_lose_no_event(tmp_path: Path) -> None:
    """Events are repeated, malformed and interrupted while a service handles those of several contexts."""
    project = grouped("event-driven", tmp_path / "shop", {"cache": "memory"})
    variables = {"PYTHONPATH": "libs/src:.", "FAULTS_BUS": "embedded"}
    tests = ["tests/faults/test_kills.py", "tests/faults/test_messages.py"]
    done = run([python_for_all(), "-m", "pytest", *tests], project, variables)
    assert done.returncode == 0, end_of(done)


def check_acceptance(project: Path, database: str, cache: str, folder: Path) -> None:
    """Run the acceptance tests of the shop on these servers, and on a broker if it uses one."""
    servers = {"TEST_DATABASE_URL": database, "TEST_CACHE_URL": cache, "PYTHONPATH": "libs/src:."}
    with ExitStack() as stack:
        if (project / "deploy/kafka").exists():
            (folder / "broker").mkdir()
            servers["TEST_BUS_URL"] = stack.enter_context(kafka(folder / "broker")).url
        done = run([python_for_all(), "-m", "pytest", "tests/test_acceptance.py"], project, servers)
    assert done.returncode == 0, end_of(done)

"""The event-driven shop on real servers, under faults, and with safeguards removed."""

import subprocess
from pathlib import Path

import pytest

from tests.servers.caches import redis
from tests.servers.databases import deadlocks, postgresql
from tests.servers.kafka import kafka
from tests.servers.process import program

from .environment import ROOT, python_for_all
from .fault_table import DATABASES
from .running import PACKAGE, end_of, run, shop
from .surviving import survive

OPTIONS = {"database": "postgresql", "cache": "redis", "auth": "jwt"}
EMBEDDED = {"FAULTS_BUS": "embedded"}
# Safeguards to remove: the file, the code, its replacement, and the test that must fail.
MUTATIONS = {
    "inbox": (
        "libs/src/chassis/messaging/inbox.py",
        "        time = now()\n",
        "        return set(event_ids)\n        time = now()\n",
        "test_messages.py::test_a_redelivered_confirmation_does_not_clear_a_cart_again",
    ),
    "guard against a debit after the rejection": (
        f"services/payments/src/{PACKAGE}/payments/ledger.py",
        "        ~sa.exists().where(*_OF_ORDER),\n",
        "",
        "test_order_timeout.py::test_a_result_after_the_timeout_is_compensated[inventory]",
    ),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Generated event-driven shop."""
    return event_driven(tmp_path / "project")


def event_driven(place: Path, database: str = "postgresql") -> Path:
    """Generate an event-driven shop."""
    folder = shop("event-driven", place, OPTIONS | {"database": database})
    # The broker's jars are downloaded to this folder once.
    (ROOT / "build").mkdir(exist_ok=True)
    (folder / "build").symlink_to(ROOT / "build")
    return folder


@pytest.mark.thorough
def test_shop_passes_the_acceptance_suite_on_real_servers(project: Path, tmp_path: Path) -> None:
    """The acceptance suite and the audit pass on PostgreSQL, Redis and Kafka, without a deadlock."""
    (tmp_path / "broker").mkdir()
    with (
        postgresql(tmp_path, natural_order=True) as database,
        redis(tmp_path) as cache,
        kafka(tmp_path / "broker") as broker,
    ):
        servers = {"TEST_DATABASE_URL": database, "TEST_CACHE_URL": cache, "TEST_BUS_URL": broker.url}
        done = run_tests(project, ["tests/test_acceptance.py"], servers | {"CONTENTION_SECONDS": "5"})
    assert deadlocks(tmp_path) == 0, "see the log of the server in the test's folder"
    assert done.returncode == 0, end_of(done)


@pytest.mark.long
@pytest.mark.parametrize("database", DATABASES)
def test_shop_survives_faults_on_a_real_broker_and_database(database: str, tmp_path: Path) -> None:
    """`make faults` passes with Kafka: no test is skipped, and no order is lost."""
    program("java")
    program("mvn")
    project = event_driven(tmp_path / "project", database)
    survive("event-driven", project, tmp_path, database)


@pytest.mark.long
def test_bus_passes_its_tests_on_a_real_broker(project: Path) -> None:
    """The tests of the bus and of an outage of the broker pass on Kafka."""
    program("java")
    program("mvn")
    command = [python_for_all(), "-m", "tests.broker", python_for_all(), "-m", "pytest"]
    done = run(
        [*command, "libs/src/chassis/messaging/bus", "tests/broker"], project, {"PYTHONPATH": "libs/src:."}
    )
    assert done.returncode == 0, end_of(done)


@pytest.mark.long
def test_unchanged_shop_passes_the_tests_of_the_safeguards(project: Path) -> None:
    """The unchanged shop passes the tests that detect the mutations."""
    found_by = [f"tests/faults/{test}" for *_, test in MUTATIONS.values()]
    done = run_tests(project, found_by, EMBEDDED)
    assert done.returncode == 0, end_of(done)


@pytest.mark.long
@pytest.mark.parametrize("what", MUTATIONS)
def test_removed_safeguard_is_detected(what: str, project: Path) -> None:
    """The shop's own tests fail when a safeguard is removed."""
    name, there, instead, test = MUTATIONS[what]
    text = (project / name).read_text()
    assert text.count(there) == 1
    (project / name).write_text(text.replace(there, instead))
    done = run_tests(project, [f"tests/faults/{test}"], EMBEDDED)
    assert done.returncode == 1, end_of(done)
    assert "AssertionError" in done.stdout
    assert "1 failed" in done.stdout


def run_tests(project: Path, tests: list[str], variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run tests of the project."""
    command = [python_for_all(), "-m", "pytest", "--show-capture=no", *tests]
    return run(command, project, {"PYTHONPATH": "libs/src:."} | variables)

"""The event-driven shop on real servers, under faults, and without what keeps it right."""

import subprocess
from pathlib import Path

import pytest

from tests.servers.caches import redis
from tests.servers.databases import postgresql
from tests.servers.kafka import kafka
from tests.servers.process import program

from .environment import ROOT, python_for_all
from .running import PACKAGE, end_of, run, shop
from .surviving import survive

OPTIONS = {"database": "postgresql", "cache": "redis", "auth": "jwt"}
EMBEDDED = {"FAULTS_BUS": "embedded"}
# What the shop is not right without: a file, what is in it, what is there instead, and who notices.
MUTATIONS = {
    "inbox": (
        f"libs/src/{PACKAGE}/chassis/inbox.py",
        "        row = {",
        "        return True\n        row = {",
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
    """An event-driven shop."""
    folder = shop("event-driven", tmp_path / "project", OPTIONS)
    # Where the broker's jars are, once they were fetched.
    (ROOT / "build").mkdir(exist_ok=True)
    (folder / "build").symlink_to(ROOT / "build")
    return folder


@pytest.mark.thorough
def test_it_keeps_the_contract_on_postgresql_redis_and_kafka(project: Path, tmp_path: Path) -> None:
    """The acceptance suite, unchanged, and the audit after it."""
    (tmp_path / "broker").mkdir()
    with postgresql(tmp_path) as database, redis(tmp_path) as cache, kafka(tmp_path / "broker") as broker:
        servers = {"TEST_DATABASE_URL": database, "TEST_CACHE_URL": cache, "TEST_BUS_URL": broker.url}
        done = run_tests(project, ["tests/test_acceptance.py"], servers)
    assert done.returncode == 0, end_of(done)


@pytest.mark.long
def test_it_survives_faults_on_a_real_broker_and_database(project: Path, tmp_path: Path) -> None:
    """Its own `make test-kafka`: bus, contract and faults; nothing is skipped, no order is lost."""
    program("java")
    program("mvn")
    survive(project, tmp_path, "test-kafka")


@pytest.mark.long
def test_it_survives_what_the_mutations_do_not(project: Path) -> None:
    """As it is made, it passes the tests by which a mutation is found."""
    found_by = [f"tests/faults/{test}" for *_, test in MUTATIONS.values()]
    done = run_tests(project, found_by, EMBEDDED)
    assert done.returncode == 0, end_of(done)


@pytest.mark.long
@pytest.mark.parametrize("what", MUTATIONS)
def test_it_is_not_right_without(what: str, project: Path) -> None:
    """Its own tests go red when that is taken out."""
    name, there, instead, test = MUTATIONS[what]
    text = (project / name).read_text()
    assert text.count(there) == 1
    (project / name).write_text(text.replace(there, instead))
    done = run_tests(project, [f"tests/faults/{test}"], EMBEDDED)
    assert done.returncode == 1, end_of(done)
    assert "AssertionError" in done.stdout
    assert "1 failed" in done.stdout


def run_tests(project: Path, tests: list[str], variables: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run some tests of the project."""
    command = [python_for_all(), "-m", "pytest", "--show-capture=no", *tests]
    return run(command, project, {"PYTHONPATH": "libs/src:."} | variables)

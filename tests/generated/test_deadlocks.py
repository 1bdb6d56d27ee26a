"""Concurrent orders for the same products, on every database: no deadlock, no order rejected by its timeout.

SQLite has one writer at a time, so only servers can show a deadlock.
"""

from contextlib import nullcontext
from pathlib import Path

import pytest

from tests.servers.databases import deadlocks, mariadb, postgresql
from tests.servers.kafka import kafka

from .environment import ROOT, python_for_all
from .running import end_of, run, shop

SECONDS = int(__import__("os").environ.get("DLS", "5"))
CONTENTION = "tests/test_acceptance.py"
OUTAGE = "tests/faults/test_consumers.py::test_orders_placed_during_a_short_outage_of_inventory_are_confirmed"


@pytest.mark.parametrize("database", ["postgresql", "mysql"])
@pytest.mark.parametrize(
    ("pattern", "tests"),
    [
        pytest.param("event-driven", CONTENTION, marks=pytest.mark.thorough, id="event-driven"),
        pytest.param("event-driven", OUTAGE, marks=pytest.mark.thorough, id="event-driven-outage"),
        pytest.param("microservices", CONTENTION, marks=pytest.mark.long, id="microservices"),
        pytest.param("monolith", CONTENTION, marks=pytest.mark.thorough, id="monolith"),
    ],
)
def test_orders_for_the_same_products_do_not_deadlock(
    pattern: str, tests: str, database: str, tmp_path: Path
) -> None:
    """4 and 12 clients order and cancel, or 300 orders wait for inventory; then the shop's audit is clean."""
    project = shop(pattern, tmp_path / "project", {"database": database, "cache": "memory", "auth": "jwt"})
    (ROOT / "build").mkdir(exist_ok=True)
    (project / "build").symlink_to(ROOT / "build")
    (tmp_path / "broker").mkdir()
    server = postgresql(tmp_path, natural_order=True) if database == "postgresql" else mariadb(tmp_path)
    # Fault tests start a broker themselves.
    bus = kafka(tmp_path / "broker") if (pattern, tests) == ("event-driven", CONTENTION) else nullcontext()
    with server as url, bus as broker:
        variables = {
            "TEST_DATABASE_URL": url,
            "ACCEPTANCE": "acceptance/test_contention.py",
            "CONTENTION_SECONDS": str(SECONDS),
            "PYTHONPATH": "src:libs/src:.",
        }
        variables |= {"TEST_BUS_URL": broker.url} if broker is not None else {}
        done = run([python_for_all(), "-m", "pytest", "--show-capture=no", tests], project, variables)
        assert deadlocks(tmp_path) == 0, (tmp_path / f"{'mariadb' if database == 'mysql' else database}.log").read_text()[-3000:]
    assert done.returncode == 0, end_of(done)

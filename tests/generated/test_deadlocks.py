"""Concurrent orders for the same products, on every database: no deadlock, no order rejected by its timeout.

SQLite has one writer at a time, so only servers can show a deadlock.
"""

from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.servers.databases import deadlocks, mariadb, postgresql
from tests.servers.kafka import kafka

from .environment import ROOT, python_for_all
from .running import end_of, run, shop

SECONDS = 5
CONTENTION = "tests/test_acceptance.py"
OUTAGE = "tests/faults/test_consumers.py::test_orders_placed_during_a_short_outage_of_inventory_are_confirmed"


# test_event_driven_at_work.py has the contention on PostgreSQL, within the whole acceptance suite.
CASES = [
    pytest.param(pattern, test, database, id=f"{name}-{database}", marks=mark)
    for name, pattern, test, marks in [
        ("event-driven", "event-driven", CONTENTION, (pytest.mark.long, pytest.mark.thorough)),
        ("event-driven-outage", "event-driven", OUTAGE, (pytest.mark.thorough, pytest.mark.long)),
        ("microservices", "microservices", CONTENTION, (pytest.mark.long, pytest.mark.long)),
        ("monolith", "monolith", CONTENTION, (pytest.mark.long, pytest.mark.long)),
    ]
    for database, mark in zip(("postgresql", "mysql"), marks, strict=True)
]


@pytest.mark.parametrize(("pattern", "test", "database"), CASES)
def test_orders_for_the_same_products_do_not_deadlock(
    pattern: str, test: str, database: str, tmp_path: Path
) -> None:
    """4 and 12 clients order and cancel, or 300 orders wait for inventory; then the shop's audit is clean."""
    project = shop(pattern, tmp_path / "project", {"database": database, "cache": "memory", "auth": "jwt"})
    (ROOT / "build").mkdir(exist_ok=True)
    (project / "build").symlink_to(ROOT / "build")
    variables = {
        "ACCEPTANCE": "acceptance/test_contention.py",
        "CONTENTION_SECONDS": str(SECONDS),
        "PYTHONPATH": "src:libs/src:.",
    }
    with ExitStack() as servers:
        server = postgresql(tmp_path, natural_order=True) if database == "postgresql" else mariadb(tmp_path)
        variables["TEST_DATABASE_URL"] = servers.enter_context(server)
        # The tests of faults start a broker themselves.
        if pattern == "event-driven" and test == CONTENTION:
            (tmp_path / "broker").mkdir()
            variables["TEST_BUS_URL"] = servers.enter_context(kafka(tmp_path / "broker")).url
        done = run([python_for_all(), "-m", "pytest", "--show-capture=no", test], project, variables)
    assert deadlocks(tmp_path) == 0, "see the log of the server in the test's folder"
    assert done.returncode == 0, end_of(done)

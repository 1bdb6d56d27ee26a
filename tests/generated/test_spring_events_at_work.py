"""Event-driven shops of the Spring stack keep the contract, alone and beside services in Python."""

import json
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.servers.databases import postgresql
from tests.servers.kafka import kafka

from .environment import python_for_all
from .projects import tree_of, write
from .running import end_of, run, shop
from .spring import java_home, make, one_build_at_a_time, tools

pytestmark = pytest.mark.long
PATTERN = "event-driven"
PROGRAM = Path(__file__).with_name("mixed_choreography.py")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A shop that has passed `make test`, with its programs."""
    folder = write(tree_of({"stack": "spring"}, pattern=PATTERN), tmp_path_factory.mktemp("spring") / "shop")
    with one_build_at_a_time():
        make(folder, tools(), "test")
        yield folder


def test_the_shop_passes_its_own_tests(project: Path) -> None:
    """Format, Error Prone, unit tests, and the acceptance suite and the audit pass on H2 and a broker."""
    assert (project / "services/notifications/target/notifications.jar").exists()


def test_the_shop_keeps_its_contract_on_postgresql_and_kafka(project: Path, tmp_path: Path) -> None:
    """The acceptance suite and the audit pass on a real PostgreSQL and a broker that is another process."""
    (tmp_path / "broker").mkdir()
    with postgresql(tmp_path) as url, kafka(tmp_path / "broker") as broker:
        servers = {"TEST_DATABASE_URL": url.replace("+asyncpg", ""), "TEST_BUS_URL": broker.url}
        make(project, tools() | servers, "acceptance")


def test_both_stacks_take_part_in_the_same_orders(project: Path, tmp_path: Path) -> None:
    """Inventory and payments in Java beside everything else in Python end orders of every kind, audited."""
    in_python = shop(PATTERN, tmp_path / "python", {"cache": "memory"})
    (tmp_path / "broker").mkdir()
    with postgresql(tmp_path) as url, kafka(tmp_path / "broker") as broker:
        settings = {
            "folder": str(tmp_path / "var"),
            "database": url,
            "java": [f"{java_home()}/bin/java", "-XX:TieredStopAtLevel=1", "-Xmx192m"],
            "java_database": url.replace("+asyncpg", ""),
            "java_shop": str(project),
        }
        variables = {
            "PYTHONPATH": os.pathsep.join(("libs/src", ".")),
            "BUS_URL": broker.url,
            "SIGNING_KEYS": secrets.token_urlsafe(32),
            "ADMIN_EMAIL": "admin@example.com",
            "ADMIN_PASSWORD": secrets.token_urlsafe(12),
            "AUDIT_ENABLED": "true",
        }
        done = run([python_for_all(), str(PROGRAM), json.dumps(settings)], in_python, variables)
    assert done.returncode == 0, end_of(done)
    result = json.loads(done.stdout.splitlines()[-1])
    assert result["orders"] == {
        "paid": ["CONFIRMED", None],
        "too many": ["REJECTED", "out_of_stock"],
        "too expensive": ["REJECTED", "payment_declined"],
        "cancelled": ["CANCELLED", None],
    }
    assert result["cart"] == []
    assert result["audit"]["ok"], result["audit"]
    assert result["audit"]["at_rest"], result["audit"]

"""Event-driven shops of the Spring stack keep the contract, alone and beside services in Python."""

from collections.abc import Collection, Iterator
from pathlib import Path

import pytest

from tests.servers.databases import postgresql
from tests.servers.kafka import kafka

from .choreographies import SERVICES, java_services, place_orders
from .projects import tree_of, write
from .running import shop
from .spring import make, one_build_at_a_time, tools, without_driver
from .surviving import survive
from .traced import collecting, read, services_by_trace

pytestmark = pytest.mark.long
PATTERN = "event-driven"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A shop with its programs; no other test builds meanwhile."""
    folder = write(tree_of({"stack": "spring"}, pattern=PATTERN), tmp_path_factory.mktemp("spring") / "shop")
    with one_build_at_a_time():
        make(folder, tools(), "dev/target/dev.jar")
        yield folder


def test_the_shop_passes_its_own_tests(project: Path) -> None:
    """Format, Error Prone, unit tests, and the acceptance suite and the audit pass on H2 and a broker."""
    make(project, tools(), "test")


def test_the_shop_keeps_its_contract_on_postgresql_and_kafka(project: Path, tmp_path: Path) -> None:
    """The acceptance suite and the audit pass on a real PostgreSQL and a broker that is another process."""
    (tmp_path / "broker").mkdir()
    with postgresql(tmp_path) as url, kafka(tmp_path / "broker") as broker:
        servers = {"TEST_DATABASE_URL": without_driver(url), "TEST_BUS_URL": broker.url}
        make(project, tools() | servers, "acceptance")


@pytest.mark.parametrize(
    "in_java",
    [
        pytest.param(("inventory", "payments"), id="identity-in-python"),
        pytest.param(("identity", "catalog", "cart", "orders", "notifications"), id="identity-in-java"),
    ],
)
def test_both_stacks_take_part_in_the_same_orders(
    project: Path, tmp_path: Path, in_java: Collection[str]
) -> None:
    """Orders of every kind end, audited; tokens are accepted, and traces continued, in the other language."""
    in_python = shop(PATTERN, tmp_path / "python", {"cache": "memory"})
    (tmp_path / "broker").mkdir()
    with (
        postgresql(tmp_path) as url,
        kafka(tmp_path / "broker") as broker,
        collecting(tmp_path) as (collector, spans),
    ):
        place_orders(
            "mixed_choreography.py",
            in_python,
            {"folder": str(tmp_path / "var"), "database": url},
            {
                "JAVA_SERVICES": java_services(project, in_java),
                "BUS_URL": broker.url,
                "OTEL_EXPORTER_OTLP_ENDPOINT": collector,
            },
        )
    steps = {"gateway", *SERVICES} - {"identity"}
    assert any(services >= steps for services in services_by_trace(read(spans)))


def test_the_services_survive_faults(project: Path, tmp_path: Path) -> None:
    """`make faults` passes with faults of events, processes, broker and database; no test is skipped."""
    survive(PATTERN, project, tmp_path, "postgresql", stack="spring")

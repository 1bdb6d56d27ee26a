"""Event-driven services of the Spring stack pass their tests with every server, sign-in and telemetry."""

from pathlib import Path

import pytest

from tests.deploy.checks import metrics
from tests.servers.caches import memcached, redis
from tests.servers.databases import SERVERS, postgresql
from tests.servers.kafka import kafka
from tests.servers.process import eventually

from .audited import SETTINGS
from .projects import tree_of, write
from .spring import serving
from .test_spring_services_at_work import ALONE, OTHERS, check_on_servers

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("one_build_at_a_time")]

PATTERN = "event-driven"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop that has passed all its tests on PostgreSQL, Redis and Kafka."""
    folder = tmp_path_factory.mktemp("spring")
    shop = write(tree_of({"stack": "spring"}, pattern=PATTERN), folder / "shop")
    (folder / "broker").mkdir()
    with (
        postgresql(folder, natural_order=True) as url,
        redis(folder) as cache,
        kafka(folder / "broker") as broker,
    ):
        check_on_servers(shop, url, cache, TEST_BUS_URL=broker.url)
    return shop


def test_every_metric_of_the_bus_is_exported(project: Path, tmp_path: Path) -> None:
    """Alerts and dashboards find the metrics of a consumer group, with their labels; it is not behind."""
    (tmp_path / "broker").mkdir()
    with kafka(tmp_path / "broker") as broker:
        alone = SETTINGS | ALONE | {"BUS_URL": broker.url}
        commands = ("migrate", "create-topics", "serve")
        jar = "services/inventory/target/inventory.jar"
        with serving(project, tmp_path, alone, *commands, jar=jar) as inventory:
            eventually(
                lambda: 'bus_lag{group="inventory"} 0.0' in inventory.get("/metrics").text.splitlines()
            )
            text = inventory.get("/metrics").text
    exported = metrics.scraped(text)
    folder = project / "deploy/observability"
    # Those of the orders service, and of services that call others.
    assert metrics.used(folder) - exported.keys() == {"orders_total", "peer_circuit_open"}
    for name, labels in metrics.labels(folder).items():
        if name in exported:
            assert labels <= exported[name] | {"job", "instance", "service"}, name


def test_the_other_options_pass_all_tests(tmp_path: Path) -> None:
    """With an issuer, on MariaDB with memcached and Kafka, without observability."""
    shop = write(tree_of(OTHERS, pattern=PATTERN), tmp_path / "shop")
    (tmp_path / "broker").mkdir()
    with (
        SERVERS["mysql"](tmp_path) as url,
        memcached(tmp_path) as cache,
        kafka(tmp_path / "broker") as broker,
    ):
        check_on_servers(shop, url, cache, TEST_BUS_URL=broker.url)

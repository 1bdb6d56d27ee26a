"""Services of the Spring stack build, pass their tests, and keep the contract on servers and in groups."""

import re
from pathlib import Path

import pytest

from tests.deploy.checks import metrics
from tests.servers.caches import memcached, redis
from tests.servers.databases import SERVERS, postgresql
from tests.servers.process import eventually

from . import described
from .audited import SETTINGS
from .combinations import Combination
from .groupings import COARSE, LOCAL_PAYMENTS, TRANSACTIONAL, Grouping
from .projects import tree_of, write
from .spring import make, serving, tools, without_driver
from .surviving import survive

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("one_build_at_a_time")]

PATTERN = "microservices"
OTHERS: Combination = {
    "stack": "spring",
    "database": "mysql",
    "cache": "memcached",
    "auth": "oauth2",
    "observability": False,
    "content": True,
}
"""What the default is not."""
# Six programs start at once, on a machine that may be busy.
START_SECONDS = 400
SAGAS = {"coarse": COARSE, "local payments": LOCAL_PAYMENTS}
ALONE = {"SERVICE_KEY": "A" * 43, "IDENTITY_URL": "http://127.0.0.1:9"}
"""Variables of the orders service without the others."""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop with its programs."""
    shop = write(tree_of({"stack": "spring"}, pattern=PATTERN), tmp_path_factory.mktemp("spring") / "shop")
    make(shop, tools(), "dev/target/dev.jar")
    return shop


def check_on_servers(shop: Path, database: str, cache: str, **others: str) -> None:
    """Run all tests of a shop with these servers, including those of database and cache."""
    url = without_driver(database)
    servers = {"TEST_DATABASE_URL": url, "TEST_CACHE_URL": cache, **others}
    output = make(shop, tools() | servers, "test")
    for test in ("ServerDatabaseTest", "ServerStoreTest"):
        assert re.search(rf"Errors: 0, Skipped: 0, .*{test}\n", output), test


def test_the_shop_passes_its_own_tests_on_postgresql(project: Path, tmp_path: Path) -> None:
    """Format, Error Prone, unit tests, and the acceptance suite and the audit of six processes pass."""
    with postgresql(tmp_path, natural_order=True) as url, redis(tmp_path) as cache:
        check_on_servers(project, url, cache)


def test_the_shop_keeps_its_contract_on_embedded_databases(project: Path) -> None:
    """The acceptance suite and the audit pass on H2 without a cache, as `make run` runs the shop."""
    make(project, tools(), "acceptance")


def test_a_killed_development_shop_starts_again_with_its_data(project: Path, tmp_path: Path) -> None:
    """Its services end with it: one that stayed would keep its database locked."""
    jar, command = "dev/target/dev.jar", f"--shop.project={project}"
    with serving(project, tmp_path, SETTINGS, "seed", command, jar=jar) as gateway:
        eventually(lambda: gateway.logged("The shop is ready") == 1, START_SECONDS)
        products = gateway.get("/v1/products").json()
        gateway.process.kill()
    with serving(project, tmp_path, SETTINGS, command, jar=jar) as gateway:
        eventually(lambda: gateway.ready() == 200, START_SECONDS)
        assert gateway.get("/v1/products").json() == products
    assert products["items"]


def test_every_metric_of_the_dashboards_and_the_alerts_is_exported(project: Path, tmp_path: Path) -> None:
    """Metrics have the names and labels that both stacks share; none has an order without other services."""
    jar = "services/orders/target/orders.jar"
    with serving(project, tmp_path, SETTINGS | ALONE, "migrate", "serve", jar=jar) as orders:
        eventually(lambda: orders.ready() == 200)
        text = orders.get("/metrics").text
        document = orders.get("/openapi/orders.json").json()
        page = orders.get("/docs").text
    exported = metrics.scraped(text)
    folder = project / "deploy/observability"
    assert metrics.used(folder) - exported.keys() == {"orders_total"}
    for name, labels in metrics.labels(folder).items():
        if name in exported:
            assert labels <= exported[name] | {"job", "instance", "service"}, name
    assert metrics.routes_used(folder) <= document["paths"].keys()
    assert 'saga_open{state="overdue"} 0.0' in text.splitlines()
    assert 'peer_circuit_open{peer="payments"} 0.0' in text.splitlines()
    assert "/openapi/catalog.json /openapi/inventory.json" in page


def test_the_other_options_pass_all_tests(tmp_path: Path) -> None:
    """With an issuer, on MariaDB with memcached, without observability."""
    shop = write(tree_of(OTHERS, pattern=PATTERN), tmp_path / "shop")
    with SERVERS["mysql"](tmp_path) as url, memcached(tmp_path) as cache:
        check_on_servers(shop, url, cache)


@pytest.mark.parametrize("name", SAGAS)
def test_a_grouped_shop_passes_all_tests(name: str, tmp_path: Path) -> None:
    """Some steps of the saga are calls, and others methods of the same service."""
    check_grouped(SAGAS[name], tmp_path)


def test_a_group_with_all_of_an_order_passes_all_tests(tmp_path: Path) -> None:
    """An order is one transaction then, also with an issuer."""
    check_grouped(TRANSACTIONAL, tmp_path, auth="oauth2")


def check_grouped(grouping: Grouping, folder: Path, auth: str = "jwt") -> None:
    """Run all tests of a shop with these groups on PostgreSQL."""
    shop = write(described.rendered(PATTERN, grouping, stack="spring", auth=auth), folder / "shop")
    with postgresql(folder) as url:
        make(shop, tools() | {"TEST_DATABASE_URL": without_driver(url)}, "test")


def test_the_services_survive_faults(project: Path, tmp_path: Path) -> None:
    """`make faults` passes with killed processes, lost calls and a crashed database; no test is skipped."""
    survive("microservices", project, tmp_path, "postgresql", stack="spring")

"""Event-driven shops of the Spring stack pass their own tests in groups and with other options."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.checks import metrics
from tests.servers.caches import memcached
from tests.servers.kafka import kafka

from . import described
from .audited import SERVERS, SETTINGS
from .combinations import Combination
from .groupings import EVENTS_IN_JAVA
from .projects import tree_of, write
from .spring import make, one_build_at_a_time, serving, tools
from .test_spring_at_work import eventually

pytestmark = pytest.mark.long

PATTERN = "event-driven"
OTHERS: Combination = {
    "stack": "spring",
    "database": "mysql",
    "cache": "memcached",
    "auth": "oauth2",
    "observability": False,
}
"""What the default is not."""


@pytest.fixture(scope="module", autouse=True)
def _one_build_at_a_time() -> Iterator[None]:
    """Tests in other processes wait."""
    with one_build_at_a_time():
        yield


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop whose contexts are all in one service, which has passed its own tests."""
    return passing("one", tmp_path_factory.mktemp("spring") / "shop")


def passing(name: str, folder: Path) -> Path:
    """Run all tests of a grouped shop on H2 and a broker in another process."""
    shop = write(described.rendered(PATTERN, EVENTS_IN_JAVA[name], stack="spring"), folder)
    make(shop, tools(), "test")
    return shop


def test_one_service_with_all_contexts_passes_all_tests(project: Path) -> None:
    """Its consumer groups exchange events through topics, and none of its contexts calls another service."""
    assert (project / "services/identity/target/identity.jar").exists()


def test_services_with_several_contexts_pass_all_tests(tmp_path: Path) -> None:
    """Some contexts call each other directly, others over HTTP."""
    passing("coarse", tmp_path / "shop")


def test_the_other_options_pass_all_tests(tmp_path: Path) -> None:
    """With an issuer, on MariaDB with memcached, without observability."""
    shop = write(tree_of(OTHERS, pattern=PATTERN), tmp_path / "shop")
    with SERVERS["mysql"](tmp_path) as url, memcached(tmp_path) as cache:
        servers = {"TEST_DATABASE_URL": url.replace("+asyncmy", ""), "TEST_CACHE_URL": cache}
        make(shop, tools() | servers, "test")


def test_every_metric_of_the_dashboards_and_the_alerts_is_exported(project: Path, tmp_path: Path) -> None:
    """Metrics of groups have the names and labels that both stacks share."""
    (tmp_path / "broker").mkdir()
    commands = ("create-topics", "migrate", "serve")
    jar = "services/identity/target/identity.jar"
    with (
        kafka(tmp_path / "broker") as broker,
        serving(project, tmp_path, SETTINGS | {"BUS_URL": broker.url}, *commands, jar=jar) as shop,
    ):
        eventually(lambda: shop.ready() == 200)
        eventually(lambda: "bus_lag{" in shop.get("/metrics").text)
        text = shop.get("/metrics").text
    exported: dict[str, set[str]] = {}
    for name, labels in re.findall(r"^(\w+)(?:\{(.*)\})? ", text, re.MULTILINE):
        exported.setdefault(name, set()).update(re.findall(r'(\w+)="', labels))
    folder = project / "deploy/observability"
    assert metrics.used(folder) - exported.keys() == {"orders_total"}
    for name, labels in metrics.labels(folder).items():
        if name in exported:
            assert labels <= exported[name] | {"job", "instance", "service"}, name
    for group in ("inventory", "cart", "orders", "payments", "notifications"):
        assert f'bus_dead_letters{{group="{group}"}} 0.0' in text.splitlines()

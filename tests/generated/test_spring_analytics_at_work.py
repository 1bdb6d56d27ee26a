"""Analytics of the Spring stack count each event once, whatever happens to their processes."""

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.servers.databases import postgresql
from tests.servers.kafka import kafka
from tests.servers.process import eventually

from .audited import ADMIN, SETTINGS
from .combinations import Combination
from .projects import tree_of, write
from .spring import Shop, java_home, make, one_build_at_a_time, serving, tools, without_driver

pytestmark = pytest.mark.long

JAR = "services/analytics/target/analytics.jar"
ROUNDS, VIEWS = 3, 150


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A shop with its programs; no other test builds meanwhile."""
    options: Combination = {"stack": "spring", "cache": "memory", "observability": False}
    folder = write(tree_of(options, pattern="event-driven"), tmp_path_factory.mktemp("spring") / "shop")
    with one_build_at_a_time():
        make(folder, tools(), "dev/target/dev.jar")
        yield folder


class Administrator:
    """Reports views to processes of analytics, and reads what they show."""

    def __init__(self, identity: Shop) -> None:
        email, _, password = ADMIN.partition(":")
        body = {"email": email, "password": password}
        eventually(lambda: identity.ready() == 200)
        answer = httpx2.post(f"http://127.0.0.1:{identity.port}/v1/auth/login", json=body, trust_env=False)
        self._headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
        self.reported = 0

    def report(self, analytics: Shop, views: int) -> None:
        """Report so many views, one after another."""
        with httpx2.Client(base_url=f"http://127.0.0.1:{analytics.port}", trust_env=False) as client:
            for _ in range(views):
                assert client.post("/v1/analytics/views", json={"sku": "CHAIR"}).status_code == 202
                self.reported += 1

    def shown(self, analytics: Shop) -> int:
        """Return how many views a process shows."""
        url = f"http://127.0.0.1:{analytics.port}/v1/analytics/summary"
        summary: dict[str, Any] = httpx2.get(url, headers=self._headers, timeout=30, trust_env=False).json()
        return int(summary["conversion"]["views"])


def test_each_view_is_counted_once(project: Path, tmp_path: Path) -> None:
    """Processes are killed while they count; others take over, and a rebuild counts the same again."""
    (tmp_path / "broker").mkdir()
    with ExitStack() as servers:
        database = without_driver(servers.enter_context(postgresql(tmp_path)))
        broker = servers.enter_context(kafka(tmp_path / "broker"))
        common = SETTINGS | {"BUS_URL": broker.url, "VIEWS_PER_ADDRESS": "1000000/minute"}
        jar = "services/identity/target/identity.jar"
        identity = servers.enter_context(serving(project, tmp_path, common, "migrate", "serve", jar=jar))
        admin = Administrator(identity)
        own = {"DATABASE_URL": database, "IDENTITY_URL": f"http://127.0.0.1:{identity.port}"}
        variables = common | own

        def another() -> Shop:
            commands = ("migrate", "create-topics", "serve")
            shop = servers.enter_context(serving(project, tmp_path, variables, *commands, jar=JAR))
            eventually(lambda: shop.ready() == 200)
            return shop

        first, second = another(), another()
        for _ in range(ROUNDS):
            admin.report(first, VIEWS)
            first.process.kill()
            first.process.wait()
            eventually(lambda shop=second: admin.shown(shop) == admin.reported)  # type: ignore[misc]
            first, second = second, another()
        eventually(lambda: admin.shown(second) == admin.reported)

        command = [f"{java_home()}/bin/java", "-jar", str(project / JAR), "rebuild"]
        done = subprocess.run(
            command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=True
        )
        assert "views.v1-0: " in done.stdout
        admin.report(first, VIEWS)
        for shop in (first, second):
            eventually(lambda shop=shop: admin.shown(shop) == admin.reported)  # type: ignore[misc]

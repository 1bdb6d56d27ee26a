"""Shops whose database holds a lock, whose other replica has stopped, or whose connections went silent.

Requests that need what is stuck get 503 with Retry-After before `HANG_SECONDS`; everything else goes on.
"""

import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from tests.servers.databases import SERVERS
from tests.servers.proxy import proxied

from .running import shop
from .two_replicas import (
    HANG_SECONDS,
    Replica,
    Stage,
    command,
    environment,
    serving,
    through,
    two_replicas,
)

pytestmark = pytest.mark.thorough
WAITING = 12
"""More orders than one replica has connections for transactions."""


@pytest.fixture(scope="module", params=SERVERS)
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The monolith on each database server."""
    with two_replicas(request.param, tmp_path_factory.mktemp(request.param)) as stage:
        yield stage


def test_held_row_lock(stage: Stage) -> None:
    """While one SKU's stock is locked, its orders get 503, and all else goes on: reads, readiness, orders."""
    locked, free = stage.seeder.product(stock=50), stage.seeder.product(stock=50)
    lock = f"UPDATE inventory.stock SET on_hand = on_hand WHERE sku = '{locked}'"  # noqa: S608
    with stage.holding(lock), ThreadPoolExecutor(WAITING + 1) as pool:
        waiting = [pool.submit(stage.direct.order, stage.customer, locked) for _ in range(WAITING)]
        time.sleep(0.5)
        other = pool.submit(stage.direct.order, stage.customer, free)
        assert not any(each.done() for each in waiting)
        assert stage.direct.ready() == 200
        assert stage.seeder.stock(locked) == (50, 0)
        assert stage.customer.get("/v1/orders").status_code == 200
        # Reads came back before the first order that waits for the lock.
        assert not any(each.done() for each in waiting)
        assert other.result().status_code == 202
        _assert_unavailable(*(each.result() for each in waiting))
    assert stage.direct.order(stage.customer, locked).status_code == 202


def test_stopped_replica(stage: Stage) -> None:
    """A replica that stops inside a transaction loses its locks, and the other one goes on."""
    sku, payer = stage.seeder.product(stock=50), stage.seeder.customer(balance=1_000_000)
    wallet = "UPDATE payments.wallet SET balance = balance"
    with ThreadPoolExecutor(1) as pool:
        with stage.holding(wallet):
            stuck = pool.submit(stage.direct.order, payer, sku)
            time.sleep(0.7)
            stage.direct.signal(signal.SIGSTOP)
        try:
            _assert_unavailable(stage.behind_proxy.order(stage.customer, sku))
            assert stage.behind_proxy.ready() == 200
            _eventually(lambda: stage.behind_proxy.order(stage.customer, sku).status_code, 202)
        finally:
            stage.direct.signal(signal.SIGCONT)
        _assert_unavailable(stuck.result())
    _eventually(stage.direct.ready, 200)
    assert stage.direct.order(payer, sku).status_code == 202


def test_silent_connections(stage: Stage) -> None:
    """When no packets arrive, orders get 503 and the replica is not ready; it recovers with the network."""
    sku = stage.seeder.product(stock=50)
    replica = stage.behind_proxy
    assert replica.order(stage.customer, sku).status_code == 202
    stage.proxy.silence()
    try:
        with ThreadPoolExecutor(WAITING) as pool:
            orders = [pool.submit(replica.order, stage.customer, sku) for _ in range(WAITING)]
            assert replica.ready() == 503
            _assert_unavailable(*(each.result() for each in orders))
    finally:
        stage.proxy.resume()
    _eventually(replica.ready, 200)
    assert replica.order(stage.customer, sku).status_code == 202


@pytest.mark.parametrize("database", SERVERS)
def test_silent_connections_of_a_service(database: str, tmp_path: Path) -> None:
    """A service of the microservices answers and recovers in the same way."""
    options = {"database": database, "cache": "memory", "auth": "jwt"}
    project = shop("microservices", tmp_path / "project", options)
    with SERVERS[database](tmp_path) as url, proxied(urlsplit(url).port or 0) as proxy:
        variables = environment(
            PYTHONPATH="libs/src:services/catalog/src",
            DATABASE_URL=through(url, proxy),
            IDENTITY_URL="http://127.0.0.1:9",
        )
        command(project, variables, "catalog_service", "migrate")
        with serving(project, variables, "catalog_service") as service:
            assert _search(service).status_code == 200
            proxy.silence()
            _assert_unavailable(_search(service))
            assert service.ready() == 503
            proxy.resume()
            _eventually(service.ready, 200)
            assert _search(service).status_code == 200


def _search(service: Replica) -> httpx2.Response:
    return httpx2.get(f"{service.url}/v1/products?q=x", timeout=HANG_SECONDS, trust_env=False)


def _assert_unavailable(*responses: httpx2.Response) -> None:
    for response in responses:
        assert response.status_code == 503, response.text
        assert response.headers["content-type"] == "application/problem+json"
        assert int(response.headers["retry-after"]) > 0


def _eventually(read: object, expected: int) -> None:
    assert callable(read)
    deadline = time.monotonic() + HANG_SECONDS
    while (value := read()) != expected:
        assert time.monotonic() < deadline, f"still {value}, not {expected}"
        time.sleep(0.2)

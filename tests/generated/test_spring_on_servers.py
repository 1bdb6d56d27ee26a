"""A shop of the Spring stack on each database with each shared cache; one whose cache or database stops."""

import re
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from templates.shared.acceptance.client import connect
from templates.shared.acceptance.identity import Accounts
from templates.shared.acceptance.seeder import Seeder, assert_eventually
from tests.servers.caches import memcached, redis
from tests.servers.databases import SERVERS, postgresql
from tests.servers.proxy import proxied

from .audited import ADMIN, SETTINGS
from .combinations import Combination
from .projects import tree_of, write
from .spring import make, one_build_at_a_time, serving, tools, without_driver
from .two_replicas import HANG_SECONDS, holding, through

pytestmark = pytest.mark.long
DATABASES = SERVERS | {"postgresql": partial(postgresql, natural_order=True)}
CACHES = {"redis": redis, "memcached": memcached}
WAITING = 12
"""More orders than a process has connections."""
DRIVERS = {"postgresql": "postgresql+asyncpg", "mysql": "mysql+asyncmy"}
"""The scheme of a database's URL in Python, by that in Java."""
PAIRS = [("mysql", "redis"), ("postgresql", "memcached")]


@pytest.fixture(scope="module", params=PAIRS, ids="-".join)
def on_servers(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Path, str, str]]:
    """A shop that has passed `make test` on a database and with a cache, and the addresses of both."""
    database, cache = request.param
    folder = tmp_path_factory.mktemp("servers")
    added: Combination = {"content": True, "extra_contexts": ["gift_cards"]}
    answers: Combination = {"stack": "spring", "database": database, "cache": cache, **added}
    project = write(tree_of(answers), folder / "shop")
    with ExitStack() as stack:
        stack.enter_context(one_build_at_a_time())
        driver_url = stack.enter_context(DATABASES[database](folder))
        url = without_driver(driver_url)
        address = stack.enter_context(CACHES[cache](folder))
        variables = tools() | {"TEST_DATABASE_URL": url, "TEST_CACHE_URL": address}
        output = make(project, variables, "test")
        for test in ("ServerDatabaseTest", "ServerStoreTest"):
            assert re.search(rf"Errors: 0, Skipped: 0, .*{test}\n", output), test
        yield project, url, address


def test_the_shop_keeps_its_contract(on_servers: tuple[Path, str, str]) -> None:
    """Its own tests, those of both servers, the acceptance suite and the audit pass."""
    project, _, _ = on_servers
    assert (project / "target/shop.jar").exists()


def test_a_cache_that_stops_only_slows_the_shop(on_servers: tuple[Path, str, str], tmp_path: Path) -> None:
    """With a silent cache, reads, changes and orders go on; once it is back, nobody reads an old price."""
    project, database, cache = on_servers
    with proxied(urlsplit(cache).port or 0) as proxy:
        variables = SETTINGS | {"DATABASE_URL": database, "CACHE_URL": through(cache, proxy)}
        settings = variables | {"ADMIN_EMAIL": "cache@example.com"}
        with (
            serving(project, tmp_path, settings, "serve") as shop,
            serving(project, tmp_path, settings | {"CACHE_URL": cache}, "serve") as other,
            connect(f"http://127.0.0.1:{shop.port}") as http,
        ):
            for each in (shop, other):
                assert_eventually(each.ready, 200, within=120)
            accounts = Accounts(http)
            seeder = Seeder(accounts.sign_in(f"cache@example.com:{ADMIN.partition(':')[2]}"), accounts)
            customer, sku = seeder.customer(balance=10_000), seeder.product(price=100)
            path = f"/v1/products/{sku}"
            assert other.get(path).json()["price"]["amount"] == 100
            proxy.silence()
            changed = seeder.admin.patch(path, json={"price": seeder.money(300)})
            assert changed.status_code == 200
            for _ in range(20):
                assert shop.get(path).json()["price"]["amount"] == 300
                assert shop.get("/v1/products?limit=5").status_code == 200
            assert customer.send(customer.place_request({sku: 1})).status_code == 202
            assert_eventually(lambda: shop.get("/readyz").json()["checks"]["cache"], "unavailable", within=60)
            assert shop.ready() == 200
            proxy.resume()
            assert_eventually(lambda: shop.get("/readyz").json()["checks"]["cache"], "ok", within=60)
            assert_eventually(lambda: other.get(path).json()["price"]["amount"], 300, within=60)
            assert shop.logged("The cache does not respond") >= 1
            assert_eventually(lambda: shop.logged("The cache responds again") >= 1, True, within=60)


def test_a_silent_database_makes_nobody_wait(on_servers: tuple[Path, str, str], tmp_path: Path) -> None:
    """When no packets arrive, orders get 503 and the process is not ready; it recovers with the network."""
    project, database, cache = on_servers
    with proxied(urlsplit(database).port or 0) as proxy:
        variables = {"DATABASE_URL": through(database, proxy), "CACHE_URL": cache}
        settings = SETTINGS | variables | {"ADMIN_EMAIL": "silence@example.com"}
        with (
            serving(project, tmp_path, settings, "serve") as shop,
            connect(f"http://127.0.0.1:{shop.port}") as http,
        ):
            http.timeout = HANG_SECONDS
            assert_eventually(shop.ready, 200, within=120)
            accounts = Accounts(http)
            administrator = f"silence@example.com:{ADMIN.partition(':')[2]}"
            seeder = Seeder(accounts.sign_in(administrator), accounts)
            customer, sku = seeder.customer(balance=10_000), seeder.product(price=100)

            def order() -> int:
                return int(customer.send(customer.place_request({sku: 1})).status_code)

            assert order() == 202
            proxy.silence()
            with ThreadPoolExecutor(WAITING) as pool:
                waiting = [pool.submit(order) for _ in range(WAITING)]
                assert shop.ready() == 503
                assert {each.result() for each in waiting} == {503}
            proxy.resume()
            assert_eventually(shop.ready, 200, within=60)
            assert order() == 202


def test_a_held_lock_delays_only_those_who_need_it(on_servers: tuple[Path, str, str], tmp_path: Path) -> None:
    """While one SKU's stock is locked, its orders get 503, and all else goes on: reads, readiness, orders."""
    project, database, cache = on_servers
    variables = {"DATABASE_URL": database, "CACHE_URL": cache, "ADMIN_EMAIL": "lock@example.com"}
    with (
        serving(project, tmp_path, SETTINGS | variables, "serve") as shop,
        connect(f"http://127.0.0.1:{shop.port}") as http,
    ):
        http.timeout = HANG_SECONDS
        assert_eventually(shop.ready, 200, within=120)
        accounts = Accounts(http)
        seeder = Seeder(accounts.sign_in(f"lock@example.com:{ADMIN.partition(':')[2]}"), accounts)
        customer = seeder.customer(balance=100_000)
        locked, free = seeder.product(stock=50), seeder.product(stock=50)

        def order(sku: str) -> int:
            return int(http.send(customer.place_request({sku: 1})).status_code)

        assert order(locked) == 202
        scheme, _, rest = database.partition(":")
        lock = f"UPDATE inventory.stock SET on_hand = on_hand WHERE sku = '{locked}'"  # noqa: S608
        with holding(f"{DRIVERS[scheme]}:{rest}", lock), ThreadPoolExecutor(WAITING + 1) as pool:
            waiting = [pool.submit(order, locked) for _ in range(WAITING)]
            time.sleep(0.5)
            other = pool.submit(order, free)
            assert shop.ready() == 200
            assert seeder.stock(free) == (50, 0)
            assert customer.get("/v1/orders").status_code == 200
            # All of this came back before the first order that waits for the lock.
            assert not any(each.done() for each in waiting)
            assert other.result() == 202
            assert {each.result() for each in waiting} == {503}
        assert order(locked) == 202

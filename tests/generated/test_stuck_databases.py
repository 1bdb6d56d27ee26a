"""Shops whose database holds a lock, whose other replica has stopped, or whose connections went silent.

Requests that need what is stuck get 503 with Retry-After before `HANG_SECONDS`; everything else goes on.
"""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import urlsplit

import httpx2
import pytest

from templates.shared.acceptance.client import User, connect
from templates.shared.acceptance.identity import Accounts
from templates.shared.acceptance.seeder import Seeder
from tests.servers.databases import mariadb, postgresql
from tests.servers.process import free_port, running
from tests.servers.proxy import Proxy, proxied

from .environment import python_for_all
from .running import PACKAGE, shop

pytestmark = pytest.mark.thorough
SERVERS: Mapping[str, Callable[[Path], AbstractContextManager[str]]] = {
    "postgresql": postgresql,
    "mysql": mariadb,
}
HANG_SECONDS = 15.0
"""A request that takes longer hangs: the sum of the limits in chassis/timeouts.py is below."""
WAITING = 12
"""More orders than one replica has connections for transactions."""
HOLD = """
import asyncio, sys
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

async def main(url, statement):
    async with create_async_engine(url).connect() as connection:
        await connection.execute(sa.text(statement))
        print("held", flush=True)
        await asyncio.to_thread(sys.stdin.read)

asyncio.run(main(*sys.argv[1:]))
"""


@dataclass(frozen=True, slots=True)
class Replica:
    """A process of the shop; the second one reaches the database through a proxy."""

    url: str
    pid: int

    def ready(self) -> int:
        """Return the status of the readiness probe."""
        return httpx2.get(f"{self.url}/readyz", timeout=HANG_SECONDS, trust_env=False).status_code

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the worker process and its parent."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        for pid in [self.pid, *map(int, children)]:
            os.kill(pid, number)

    def order(self, user: User, sku: str) -> httpx2.Response:
        """Order one unit, without the client's retries."""
        with httpx2.Client(base_url=self.url, timeout=HANG_SECONDS, trust_env=False) as http:
            request = user.place_request({sku: 1})
            return http.post("/v1/orders", content=request.content, headers=_headers(request))


@dataclass(frozen=True, slots=True)
class Stage:
    """Two replicas on one database, with an administrator and a customer."""

    database: str
    direct: Replica
    behind_proxy: Replica
    proxy: Proxy
    seeder: Seeder
    customer: User

    @contextmanager
    def holding(self, statement: str) -> Iterator[None]:
        """Keep the locks of a statement while the block runs."""
        command = [python_for_all(), "-c", HOLD, self.database, statement]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            assert process.stdin
            assert process.stdout
            assert process.stdout.readline() == b"held\n"
            try:
                yield
            finally:
                process.stdin.close()
                process.wait(HANG_SECONDS)


@pytest.fixture(scope="module", params=SERVERS)
def stage(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """The monolith on each database server."""
    folder, password = tmp_path_factory.mktemp(request.param), token_urlsafe(12)
    options = {"database": request.param, "cache": "memory", "auth": "jwt"}
    project = shop("monolith", folder / "project", options)
    with ExitStack() as stack:
        database = stack.enter_context(SERVERS[request.param](folder))
        proxy = stack.enter_context(proxied(urlsplit(database).port or 0))
        direct = _environment(
            PYTHONPATH="src",
            DATABASE_URL=database,
            SIGNING_KEYS=token_urlsafe(32),
            ADMIN_EMAIL="admin@example.com",
            ADMIN_PASSWORD=password,
            **dict.fromkeys(("ORDERS_PER_USER", "LOGINS_PER_ADDRESS"), "100000/minute"),
        )
        _command(project, direct, "app", "migrate")
        first = stack.enter_context(_serving(project, direct, "app"))
        silent = direct | {"DATABASE_URL": _through(database, proxy)}
        second = stack.enter_context(_serving(project, silent, "app"))
        http = stack.enter_context(connect(first.url))
        accounts = Accounts(http)
        seeder = Seeder(accounts.sign_in(f"admin@example.com:{password}"), accounts)
        yield Stage(database, first, second, proxy, seeder, seeder.customer(balance=1_000_000))


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
        variables = _environment(
            PYTHONPATH="libs/src:services/catalog/src",
            DATABASE_URL=_through(url, proxy),
            IDENTITY_URL="http://127.0.0.1:9",
        )
        _command(project, variables, "catalog_service", "migrate")
        with _serving(project, variables, "catalog_service") as service:
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


def _headers(request: httpx2.Request) -> dict[str, str]:
    names = ("authorization", "idempotency-key", "content-type")
    return {name: request.headers[name] for name in names}


def _through(database: str, proxy: Proxy) -> str:
    return database.replace(f":{urlsplit(database).port}", f":{proxy.port}")


def _environment(**variables: str) -> dict[str, str]:
    # Compile each module once: without bytecode, a start takes several times as long.
    inherited = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, **variables}


def _command(project: Path, variables: dict[str, str], module: str, command: str) -> None:
    arguments = [python_for_all(), "-m", f"{PACKAGE}.{module}", command]
    subprocess.run(arguments, check=True, cwd=project, env=variables, capture_output=True)


@contextmanager
def _serving(project: Path, variables: dict[str, str], module: str) -> Iterator[Replica]:
    port = free_port()
    command = [python_for_all(), "-m", f"{PACKAGE}.{module}", "serve", "--port", str(port)]
    with running(
        command,
        ready=lambda: _answers(port),
        log=project / f"{module}-{port}.log",
        env=variables,
        cwd=project,
    ) as process:
        yield Replica(f"http://127.0.0.1:{port}", process.pid)


def _answers(port: int) -> bool:
    try:
        return Replica(f"http://127.0.0.1:{port}", 0).ready() == 200
    except httpx2.TransportError:
        return False

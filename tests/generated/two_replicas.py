"""Two replicas of a shop on one database server; the second one reaches it through a proxy."""

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe
from urllib.parse import urlsplit

import httpx2

from templates.shared.acceptance.client import User, connect
from templates.shared.acceptance.identity import Accounts
from templates.shared.acceptance.seeder import Seeder
from tests.servers.databases import SERVERS
from tests.servers.process import free_port, running
from tests.servers.proxy import Proxy, proxied

from .environment import python_for_all
from .running import PACKAGE, shop

HANG_SECONDS = 15.0
"""A request that takes longer hangs: the sum of the limits in chassis/timeouts.py is below."""
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

    def holding(self, statement: str) -> AbstractContextManager[None]:
        """Keep the locks of a statement while the block runs."""
        return holding(self.database, statement)


@contextmanager
def holding(database: str, statement: str) -> Iterator[None]:
    """Keep the locks of a statement in the database at this URL of Python while the block runs."""
    command = [python_for_all(), "-c", HOLD, database, statement]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin
        assert process.stdout
        assert process.stdout.readline() == b"held\n"
        try:
            yield
        finally:
            process.stdin.close()
            process.wait(HANG_SECONDS)


@contextmanager
def two_replicas(server: str, folder: Path) -> Iterator[Stage]:
    """Run two replicas of the monolith in `folder`, on a database server of this kind."""
    password = token_urlsafe(12)
    options = {"database": server, "cache": "memory", "auth": "jwt"}
    project = shop("monolith", folder / "project", options)
    with ExitStack() as stack:
        database = stack.enter_context(SERVERS[server](folder))
        proxy = stack.enter_context(proxied(urlsplit(database).port or 0))
        direct = environment(
            PYTHONPATH="src",
            DATABASE_URL=database,
            SIGNING_KEYS=token_urlsafe(32),
            ADMIN_EMAIL="admin@example.com",
            ADMIN_PASSWORD=password,
            **dict.fromkeys(("ORDERS_PER_USER", "LOGINS_PER_ADDRESS"), "100000/minute"),
        )
        command(project, direct, "app", "migrate")
        first = stack.enter_context(serving(project, direct, "app"))
        silent = direct | {"DATABASE_URL": through(database, proxy)}
        second = stack.enter_context(serving(project, silent, "app"))
        http = stack.enter_context(connect(first.url))
        accounts = Accounts(http)
        seeder = Seeder(accounts.sign_in(f"admin@example.com:{password}"), accounts)
        yield Stage(database, first, second, proxy, seeder, seeder.customer(balance=1_000_000))


def _headers(request: httpx2.Request) -> dict[str, str]:
    names = ("authorization", "idempotency-key", "content-type")
    return {name: request.headers[name] for name in names}


def through(database: str, proxy: Proxy) -> str:
    """Return the URL of a database by way of a proxy."""
    return database.replace(f":{urlsplit(database).port}", f":{proxy.port}")


def environment(**variables: str) -> dict[str, str]:
    """Return the environment of this process with these variables."""
    # Compile each module once: without bytecode, a start takes several times as long.
    inherited = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**inherited, **variables}


def command(project: Path, variables: dict[str, str], module: str, name: str) -> None:
    """Run a command of a program, such as `migrate`."""
    arguments = [python_for_all(), "-m", f"{PACKAGE}.{module}", name]
    subprocess.run(arguments, check=True, cwd=project, env=variables, capture_output=True)


@contextmanager
def serving(project: Path, variables: dict[str, str], module: str) -> Iterator[Replica]:
    """Serve a program while the block runs."""
    port = free_port()
    arguments = [python_for_all(), "-m", f"{PACKAGE}.{module}", "serve", "--port", str(port)]
    with running(
        arguments,
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

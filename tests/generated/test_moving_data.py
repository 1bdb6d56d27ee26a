"""A shop of one program gives payments a service and a database, and takes them back, while customers order.

Programs and data change in the order of docs/moving-data.md. The acceptance suite passes before, between and
after, and the audit finds every order and every cent.
"""

import json
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from uuid import uuid4

import httpx2
import pytest

from templates.shared.acceptance.audit import wait_until_at_rest
from templates.shared.acceptance.client import User, connect
from templates.shared.acceptance.identity import Accounts
from templates.shared.acceptance.seeder import Seeder
from tests.servers.process import free_port, running
from tests.servers.proxy import Proxy, proxied

from .audited import ADMIN, SERVERS, SETTINGS
from .environment import ROOT, python_for_all
from .groupings import ONE
from .running import end_of, run, shop, variables_without_tools

PACKAGE = "one"
CLIENTS = 3
REST_SECONDS = 120.0
ENVIRONMENTS = """
import json, sys
from dev.environment import environments

urls, databases, settings = map(json.loads, sys.argv[1:])
print(json.dumps(environments(urls, databases.__getitem__, settings)))
"""
OPEN_SAGAS = """
import asyncio, sys
import sqlalchemy as sa
from sqlalchemy.ext.asyncio import create_async_engine

async def main():
    async with create_async_engine(sys.argv[1]).connect() as connection:
        print(await connection.scalar(sa.text("SELECT count(*) FROM sagas.saga")))

asyncio.run(main())
"""


@dataclass
class Release:
    """One version of the shop: its project, the environment of each service, and the running programs."""

    project: Path
    folder: Path
    environments: dict[str, dict[str, str]]
    ports: dict[str, int]
    programs: dict[str, ExitStack] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop(*self.programs)

    def start(self, service: str, **variables: str) -> None:
        """Start a service and wait until it is ready; the same service is stopped first."""
        self.stop(service)
        port = self.ports[service]
        module = ["dev", "gateway"] if service == "gateway" else [f"{PACKAGE}.{service}_service", "serve"]
        stack = self.programs[service] = ExitStack()
        stack.enter_context(
            running(
                [python_for_all(), "-m", *module, "--port", str(port)],
                ready=lambda: _is_ready(port),
                log=self.folder / f"{self.project.name}-{service}-{time.monotonic_ns()}.log",
                env=self._environment(service) | variables,
                cwd=self.project,
            )
        )

    def stop(self, *services: str) -> None:
        """Stop services as a deployment does."""
        for service in services:
            self.programs.pop(service, ExitStack()).close()

    def command(self, service: str, *arguments: str, **variables: str) -> subprocess.Popen[str]:
        """Run a command of a service, and return the process."""
        return subprocess.Popen(
            [python_for_all(), "-m", f"{PACKAGE}.{service}_service", *arguments],
            env=self._environment(service) | variables,
            cwd=self.project,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self, service: str, *arguments: str, **variables: str) -> None:
        """Run a command of a service, and print what it says; it must succeed."""
        process = self.command(service, *arguments, **variables)
        output, _ = process.communicate(timeout=120)
        print(f"{service} {' '.join(arguments)}: {output}")
        assert process.returncode == 0, output

    def _environment(self, service: str) -> dict[str, str]:
        own = [] if service == "gateway" else [f"services/{service}/src"]
        path = ":".join(str(self.project / each) for each in ["libs/src", *own, "."])
        return variables_without_tools() | self.environments[service] | {"PYTHONPATH": path}


def _is_ready(port: int) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/readyz", timeout=5, trust_env=False).status_code == 200
    except httpx2.TransportError:
        return False


def generate_three(server: str, folder: Path) -> list[Path]:
    """Return the shop with one program, with a service for payments, and with one program again."""
    options = {"deployables": json.dumps(ONE), "database": server, "cache": "memory"}
    sets = [argument for option, value in options.items() for argument in ("--set", f"{option}={value}")]
    blueprint(folder, "new", "one", "--pattern", "microservices", *sets, "--yes")
    shutil.copytree(folder / "one", folder / "two")
    blueprint(folder / "two", "promote", "payments")
    shutil.rmtree(folder / f"two/services/identity/src/{PACKAGE}/payments")
    shutil.copytree(folder / "two", folder / "back")
    blueprint(folder / "back", "merge", "payments", "--into", "identity")
    shutil.rmtree(folder / "back/services/payments")
    shutil.rmtree(folder / f"back/services/identity/src/{PACKAGE}/sagas")
    return [folder / name for name in ("one", "two", "back")]


def blueprint(folder: Path, *arguments: str) -> None:
    """Run blueprint in a folder; it must succeed, or leave only old migrations to decide on."""
    done = run([sys.executable, "-m", "blueprint", *arguments], folder, {"PYTHONPATH": str(ROOT)})
    assert done.returncode in (0, 8), end_of(done)
    assert "in conflict" not in done.stdout


def release(project: Path, databases: Mapping[str, str], folder: Path) -> Release:
    """Return a version of the shop whose services have these databases."""
    ports = {name: free_port() for name in [*databases, "gateway"]}
    urls = {name: f"http://127.0.0.1:{ports[name]}" for name in databases}
    arguments = [json.dumps(each) for each in (urls, dict(databases), SETTINGS)]
    done = run(
        [python_for_all(), "-c", ENVIRONMENTS, *arguments], project, {"PYTHONPATH": f"{project}/libs/src:."}
    )
    assert done.returncode == 0, end_of(done)
    environments = json.loads(done.stdout)
    environments["gateway"] = {f"{name.upper()}_URL": url for name, url in urls.items()}
    return Release(project, folder, environments, ports)


class Customers:
    """Customers who order one unit after the other; each order and how long it took is noted."""

    def __init__(self, url: str, seeder: Seeder) -> None:
        self._url = url
        self._users = [seeder.customer(balance=10_000_000) for _ in range(CLIENTS)]
        self._sku = seeder.product(price=100, stock=1_000_000)
        self._stopping = threading.Event()
        self.orders: list[tuple[float, float]] = []
        """When each order began and ended, on the monotonic clock."""
        self.errors: list[str] = []

    @contextmanager
    def ordering(self) -> Iterator[None]:
        """Order while the block runs; afterwards, every order is confirmed."""
        self._stopping.clear()
        threads = [threading.Thread(target=self._order, args=(user,)) for user in self._users]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stopping.set()
            for thread in threads:
                thread.join()
        assert self.errors == []

    def _order(self, user: User) -> None:
        with httpx2.Client(base_url=self._url, timeout=40, trust_env=False) as http:
            while not self._stopping.is_set():
                key, began = str(uuid4()), time.monotonic()
                body = {"items": [{"sku": self._sku, "quantity": 1}]}
                placed = self._repeat(http, user, "POST", "/v1/orders", {"Idempotency-Key": key}, body)
                order = placed
                while order["state"] == "PENDING":
                    order = self._repeat(http, user, "GET", f"/v1/orders/{placed['id']}?wait=5", {}, None)
                self.orders.append((began, time.monotonic()))
                if order["state"] != "CONFIRMED":
                    self.errors.append(str(order))

    def _repeat(
        self, http: httpx2.Client, user: User, method: str, path: str, headers: dict[str, str], body: object
    ) -> dict[str, str]:
        """Send a request again until it is answered, as a patient client does."""
        assert user.token
        while True:
            try:
                response = http.request(
                    method,
                    path,
                    json=body,
                    headers={**headers, "Authorization": f"Bearer {user.token()}"},
                )
            except httpx2.TransportError:
                time.sleep(0.1)
                continue
            if response.status_code in (200, 202):
                answer: dict[str, str] = response.json()
                return answer
            if response.status_code not in (429, 502, 503, 504):
                self.errors.append(f"{response.status_code} {response.text}")
                self._stopping.set()
                return {"state": "FAILED"}
            time.sleep(0.1)


@pytest.mark.thorough
@pytest.mark.parametrize("server", SERVERS)
def test_a_move_survives_changes_and_kills(server: str, tmp_path: Path) -> None:
    """The project's own tests of the move pass, from one server to another."""
    project = shop("microservices", tmp_path / "project", {"database": server, "cache": "memory"})
    with ExitStack() as stack:
        variables = {"PYTHONPATH": "libs/src:."}
        for name in ("TEST_DATABASE_URL", "TEST_TARGET_DATABASE_URL"):
            (tmp_path / name).mkdir()
            variables[name] = stack.enter_context(SERVERS[server](tmp_path / name))
        done = run([python_for_all(), "-m", "pytest", "libs/src/chassis/db/moving"], project, variables)
    assert done.returncode == 0, end_of(done)
    assert " skipped" not in done.stdout


@pytest.mark.long
@pytest.mark.parametrize("server", SERVERS)
def test_payments_leave_and_return_while_customers_order(server: str, tmp_path: Path) -> None:
    """No order is lost, no invariant broken, and one suite passes before, between and after."""
    projects = generate_three(server, tmp_path)
    with ExitStack() as stack:
        urls = []
        for name in ("first", "second"):
            (tmp_path / name).mkdir()
            urls.append(stack.enter_context(SERVERS[server](tmp_path / name)))
        first, second = urls
        databases = {"identity": first}, {"identity": first, "payments": second}, {"identity": first}
        one, two, back = (release(*each, tmp_path) for each in zip(projects, databases, strict=True))
        for each in (one, two, back):
            stack.enter_context(each)
        one.run("identity", "migrate")
        one.start("identity")
        one.start("gateway")
        proxy = stack.enter_context(proxied(one.ports["gateway"]))
        check_acceptance(one, proxy)
        http = stack.enter_context(connect(f"http://127.0.0.1:{proxy.port}"))
        accounts = Accounts(http)
        admin = accounts.sign_in(ADMIN)
        customers = Customers(f"http://127.0.0.1:{proxy.port}", Seeder(admin, accounts))

        with customers.ordering():
            time.sleep(1)
            switch = promote(one, two, proxy, first)
            time.sleep(1)
        report("promote", customers, switch)
        check_audit(admin)
        check_acceptance(two, proxy)
        check_audit(admin)
        two.run("payments", "move", "finish", "payments", SOURCE_DATABASE_URL=first)

        with customers.ordering():
            switch = merge(two, back, proxy, first, second)
            time.sleep(1)
        report("merge", customers, switch)
        check_audit(admin)
        check_acceptance(back, proxy)
        check_audit(admin)
        back.run("identity", "move", "finish", "payments", SOURCE_DATABASE_URL=second)


def promote(one: Release, two: Release, proxy: Proxy, first: str) -> tuple[float, float]:
    """Release the programs on the old database, then move the data of payments; return when it switched."""
    two.run("identity", "migrate")
    two.start("payments", DATABASE_URL=first)
    two.start("identity")
    two.start("gateway")
    proxy.redirect(two.ports["gateway"])
    one.stop("gateway", "identity")

    two.run("payments", "migrate")
    copying = two.command("payments", "move", "copy", "payments", SOURCE_DATABASE_URL=first)
    time.sleep(1.5)
    copying.kill()
    copying.communicate()
    two.run("payments", "move", "copy", "payments", SOURCE_DATABASE_URL=first)
    began = time.monotonic()
    two.run("payments", "move", "switch", "payments", SOURCE_DATABASE_URL=first)
    two.start("payments")
    return began, time.monotonic()


def merge(two: Release, back: Release, proxy: Proxy, first: str, second: str) -> tuple[float, float]:
    """Move the data of payments, then release the program that has them again; return when it switched."""
    back.run("identity", "migrate")
    back.run("identity", "move", "copy", "payments", SOURCE_DATABASE_URL=second)
    began = time.monotonic()
    back.run("identity", "move", "switch", "payments", SOURCE_DATABASE_URL=second)
    two.start("payments", DATABASE_URL=first)
    switch = began, time.monotonic()

    back.start("identity")
    back.start("gateway")
    proxy.redirect(back.ports["gateway"])
    two.stop("gateway")
    while int(run([python_for_all(), "-c", OPEN_SAGAS, first], back.project).stdout):
        time.sleep(0.2)
    two.stop("identity", "payments")
    return switch


def report(verb: str, customers: Customers, switch: tuple[float, float]) -> None:
    """Print how long orders took, and those during which the tables were switched."""
    during = [each for each in customers.orders if each[0] < switch[1] and each[1] > switch[0]]
    slowest, waited = (max(end - begin for begin, end in each) for each in (customers.orders, during))
    print(
        f"{verb}: {len(customers.orders)} orders, the slowest took {slowest:.1f} s; switch and restart took "
        f"{switch[1] - switch[0]:.1f} s, and the slowest of the {len(during)} orders meanwhile {waited:.1f} s"
    )
    customers.orders.clear()


def check_audit(admin: User) -> None:
    """The audit of the shop at rest finds all invariants kept."""
    found = wait_until_at_rest(admin, REST_SECONDS)
    assert found is not None
    assert found["at_rest"], found
    assert found["ok"], found


def check_acceptance(release: Release, proxy: Proxy) -> None:
    """The acceptance suite passes."""
    command = [python_for_all(), "-m", "pytest", "-q", "--base-url", f"http://127.0.0.1:{proxy.port}"]
    done = run([*command, "--admin", ADMIN, "acceptance"], release.project, {"PYTHONPATH": "."})
    print(done.stdout.splitlines()[-1])
    assert done.returncode == 0, end_of(done)

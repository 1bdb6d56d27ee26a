"""A shop of one program gives payments a service and a database, and takes them back, while customers order.

Programs and data change in the order of docs/moving-data.md, with its commands. The acceptance suite passes
before, between and after, and the audit finds every order and every cent.
"""

import json
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Self
from uuid import uuid4

import httpx2
import pytest

from templates.shared.acceptance.audit import wait_until_at_rest
from templates.shared.acceptance.client import User, connect
from templates.shared.acceptance.identity import Accounts
from templates.shared.acceptance.seeder import Seeder
from tests.background import at_work
from tests.servers.databases import SERVERS
from tests.servers.kafka import kafka
from tests.servers.process import free_port, running
from tests.servers.proxy import Proxy, proxied

from .audited import ADMIN, SETTINGS
from .combinations import Combination
from .environment import ROOT, python_for_all
from .groupings import EVENTS_ONE
from .running import end_of, run, shop, variables_without_tools
from .spring import SMALL_JVM, java_home, make, one_build_at_a_time, tools, without_driver

PACKAGE = "one"
MONOLITH = "app"
GROUPS: dict[str, list[list[str]]] = {
    "deployables": [["identity", "catalog", "inventory", "cart", "orders"], ["payments"]],
    "previous_deployables": [["identity", "catalog", "inventory", "cart", "orders", "payments"]],
}
"""Options of a shop whose payments move."""
CLIENTS = 3
REST_SECONDS = 120.0
PROBE_SECONDS = 1.0
"""Time between two readiness probes."""
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


class Route:
    """The address of a service: requests go to the newest of its programs that is ready."""

    def __init__(self, stack: ExitStack) -> None:
        self._proxy = stack.enter_context(proxied(0))

    @property
    def url(self) -> str:
        """The address for callers."""
        return f"http://127.0.0.1:{self._proxy.port}"

    def lead_to(self, port: int) -> None:
        """Send requests to a program."""
        self._proxy.redirect(port)

    @contextmanager
    def following(self, port: int) -> Iterator[None]:
        """Probe a program during the block and until it is ready; from then on, send requests to it."""

        def probe() -> None:
            while not _is_ready(port):
                time.sleep(PROBE_SECONDS)
            self.lead_to(port)

        thread = threading.Thread(target=probe, daemon=True)
        thread.start()
        yield
        thread.join(60)
        assert not thread.is_alive()


@dataclass
class Release:
    """One version of the shop: its project, the environment of each service, and the running programs."""

    project: Path
    folder: Path
    environments: dict[str, dict[str, str]]
    java: Path | None = None
    """The same version in Java, whose programs then run instead, but for the gateway."""
    programs: dict[str, ExitStack] = field(default_factory=dict)
    ports: dict[str, int] = field(default_factory=dict)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.stop(*self.programs)

    def start(self, service: str, *, name: str = "", waits: bool = False, **variables: str) -> int:
        """Start a program of a service and return its port, once it is ready or, if it `waits`, alive."""
        port = self.ports[name or service] = free_port()
        stack = self.programs[name or service] = ExitStack()
        stack.enter_context(
            running(
                self._program(service, *(() if service == "gateway" else ("serve",)), port=port),
                ready=lambda: _is_ready(port, "/livez" if waits else "/readyz"),
                log=self.folder / f"{self.project.name}-{name or service}-{time.monotonic_ns()}.log",
                env=self._environment(service, variables),
                cwd=self._home(service),
                timeout=300 if self.java else 60,
            )
        )
        assert not waits or not _is_ready(port)
        return port

    def stop(self, *names: str) -> None:
        """Stop programs as a deployment does."""
        for name in names:
            self.programs.pop(name, ExitStack()).close()

    def command(self, line: str, **variables: str) -> subprocess.Popen[str]:
        """Begin a command of a service, such as `payments migrate`, and return the process."""
        service, *arguments = line.split()
        return subprocess.Popen(
            self._program(service, *arguments),
            env=self._environment(service, variables),
            cwd=self._home(service),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def run(self, line: str, **variables: str) -> None:
        """Run a command of a service, and print what it says and when; it must succeed."""
        began = time.monotonic()
        process = self.command(line, **variables)
        assert process.stdout is not None
        print(line)
        for printed in process.stdout:
            print(f"  {time.monotonic() - began:5.1f} s  {printed}", end="")
        assert process.wait(120) == 0

    def page(self) -> dict[str, str]:
        """Return the commands of docs/moving-data.md by their step."""
        text = ((self.java or self.project) / "docs/moving-data.md").read_text()
        commands = re.findall(r"`(\w+ (?:(migrate)|move (?:--)?([\w-]+)[ =][\w, ]+))`", text)
        # For a monolith, the tables of the services that stay are created first.
        return {migrate or step: line for line, migrate, step in commands}

    def _program(self, service: str, *arguments: str, port: int | None = None) -> list[str]:
        """Return the command that runs a service, or the gateway, with arguments."""
        if self.java and service != "gateway":
            jar = "target/shop.jar" if service == MONOLITH else f"services/{service}/target/{service}.jar"
            served = [f"--server.port={port}"] if port else []
            return [f"{java_home()}/bin/java", *SMALL_JVM, "-jar", str(self.java / jar), *arguments, *served]
        module = service if service == MONOLITH else f"{service}_service"
        program = ["dev", "gateway"] if service == "gateway" else [f"{PACKAGE}.{module}"]
        served = ["--port", str(port)] if port else []
        return [python_for_all(), "-u", "-m", *program, *arguments, *served]

    def _home(self, service: str) -> Path:
        # A project in Java has settings for development.
        return self.folder if self.java and service != "gateway" else self.project

    def _environment(self, service: str, variables: Mapping[str, str]) -> dict[str, str]:
        own = ["src"] if service == MONOLITH else ["libs/src", f"services/{service}/src"]
        path = ":".join(str(self.project / each) for each in [*own, "."])
        found = variables_without_tools() | self.environments[service] | {"PYTHONPATH": path, **variables}
        if self.java:
            found |= {name: without_driver(found[name]) for name in found if name.endswith("DATABASE_URL")}
        return found


def _is_ready(port: int, path: str = "/readyz") -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}{path}", timeout=5, trust_env=False).status_code == 200
    except httpx2.TransportError:
        return False


def generate_three(pattern: str, server: str, stack: str, folder: Path) -> list[Path]:
    """Return the shop with one program, with a service for payments, and with one program again."""
    folder.mkdir()
    options = {"database": server, "cache": "memory", "stack": stack}
    if pattern == "event-driven":
        options["deployables"] = json.dumps(EVENTS_ONE)
    sets = [argument for option, value in options.items() for argument in ("--set", f"{option}={value}")]
    blueprint(folder, "new", "one", "--pattern", pattern, *sets, "--yes")
    shutil.copytree(folder / "one", folder / "two")
    blueprint(folder / "two", "promote", "payments")
    remove_old_migrations(folder / "two")
    shutil.copytree(folder / "two", folder / "back")
    blueprint(folder / "back", "update", "--set", "previous_deployables=[]")
    blueprint(folder / "back", "merge", "payments", "--into", "identity")
    remove_old_migrations(folder / "back")
    return [folder / name for name in ("one", "two", "back")]


def built_three(pattern: str, server: str, folder: Path) -> list[Path]:
    """Return the three shops in Java, built."""
    projects = generate_three(pattern, server, "spring", folder)
    with one_build_at_a_time():
        for each in projects:
            make(each, tools(), "target/shop.jar" if (each / "src").exists() else "dev/target/dev.jar")
    return projects


def remove_old_migrations(project: Path) -> None:
    """Delete the folders that docs/moving-data.md names."""
    text = (project / "docs/moving-data.md").read_text()
    named = re.search(r"Delete (.*?),\s+where\s+only migrations are left", text, re.DOTALL)
    assert named
    for folder in re.findall(r"`(.+?)`", named[1]):
        left = [path for path in (project / folder).rglob("*.*") if path.name != "__init__.py"]
        assert all(path.parent.name == "migrations" or path.suffix == ".sql" for path in left)
        shutil.rmtree(project / folder)


def blueprint(folder: Path, *arguments: str) -> None:
    """Run blueprint in a folder; it must succeed, or leave only old migrations to decide on."""
    done = run([sys.executable, "-m", "blueprint", *arguments], folder, {"PYTHONPATH": str(ROOT)})
    assert done.returncode in (0, 8), end_of(done)
    assert "in conflict" not in done.stdout


def release(
    project: Path,
    databases: Mapping[str, str],
    urls: Mapping[str, str],
    settings: Mapping[str, str],
    java: Path | None,
) -> Release:
    """Return a version of the shop whose services have these databases and addresses."""
    folder = project.parent
    if databases.keys() == {MONOLITH}:
        return Release(project, folder, {MONOLITH: {**settings, "DATABASE_URL": databases[MONOLITH]}}, java)
    arguments = [json.dumps(each) for each in (dict(urls), dict(databases), dict(settings))]
    done = run(
        [python_for_all(), "-c", ENVIRONMENTS, *arguments], project, {"PYTHONPATH": f"{project}/libs/src:."}
    )
    assert done.returncode == 0, end_of(done)
    environments = json.loads(done.stdout)
    environments["gateway"] = {f"{name.upper()}_URL": url for name, url in urls.items()}
    return Release(project, folder, environments, java)


class Customers:
    """Customers who order one unit after the other; when each order began and ended is noted."""

    def __init__(self, url: str, seeder: Seeder) -> None:
        self._url = url
        self._users = [seeder.customer(balance=10_000_000) for _ in range(CLIENTS)]
        self._sku = seeder.product(price=100, stock=1_000_000)
        self._stopping = threading.Event()
        self.orders: list[tuple[float, float]] = []
        """When each order began and ended, on the monotonic clock."""
        self.refused: list[float] = []
        """When a request was answered with an error of the server, or not at all."""
        self.errors: list[str] = []

    @contextmanager
    def ordering(self) -> Iterator[None]:
        """Order while the block runs; afterwards, every order is confirmed."""
        self._stopping.clear()
        with at_work([partial(self._order, user) for user in self._users], self._stopping):
            yield
        assert self.errors == []

    def report(self, verb: str, switch: tuple[float, float]) -> None:
        """Print how long orders took, and how many waited in each second of the switch."""
        began, ended = switch
        during = [each for each in self.orders if each[0] < ended and each[1] > began]
        slowest, waited = (max(end - begin for begin, end in each) for each in (self.orders, during))
        print(
            f"{verb}: {len(self.orders)} orders, the slowest took {slowest:.1f} s; the switch took "
            f"{ended - began:.1f} s, and the slowest of the {len(during)} orders meanwhile {waited:.1f} s"
        )
        print("second  confirmed  waiting for more than 1 s  requests without an answer")
        last = max(end for _, end in during)
        for second in range(-2, int(last - began) + 2):
            start, end = began + second, began + second + 1
            confirmed, refused = (
                sum(start <= at < end for at in times)
                for times in ([at for _, at in self.orders], self.refused)
            )
            waiting = sum(since < start and at >= end for since, at in self.orders)
            print(f"{second:6}  {confirmed:9}  {waiting:25}  {refused:26}")
        self.orders.clear()
        self.refused.clear()

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
                self.refused.append(time.monotonic())
                time.sleep(0.1)
                continue
            if response.status_code in (200, 202):
                answer: dict[str, str] = response.json()
                return answer
            if response.status_code not in (429, 502, 503, 504):
                self.errors.append(f"{response.status_code} {response.text}")
                self._stopping.set()
                return {"state": "FAILED"}
            self.refused.append(time.monotonic())
            time.sleep(0.1)


@pytest.mark.thorough
@pytest.mark.parametrize("server", SERVERS)
def test_a_move_survives_changes_and_kills(server: str, tmp_path: Path) -> None:
    """The project's own tests of the move pass, from one server to another, and so do its linters."""
    project = shop("microservices", tmp_path / "project", {"database": server, "cache": "memory", **GROUPS})
    mover = "libs/src/chassis/db/moving"
    for linter in (["ruff", "check"], ["ruff", "format", "--check"], ["mypy"]):
        done = run([python_for_all(), "-m", *linter, mover], project)
        assert done.returncode == 0, end_of(done)
    with ExitStack() as stack:
        variables = {"PYTHONPATH": "libs/src:."}
        for name in ("TEST_DATABASE_URL", "TEST_TARGET_DATABASE_URL"):
            (tmp_path / name).mkdir()
            variables[name] = stack.enter_context(SERVERS[server](tmp_path / name))
        done = run([python_for_all(), "-m", "pytest", mover], project, variables)
    assert done.returncode == 0, end_of(done)
    assert " skipped" not in done.stdout


@pytest.mark.long
@pytest.mark.parametrize("server", SERVERS)
def test_a_move_in_java_survives_changes_and_kills(server: str, tmp_path: Path) -> None:
    """The project's own tests of the move pass, from one server to another, with the code that they test."""
    options: Combination = {"stack": "spring", "database": server, "cache": "memory", "observability": False}
    project = shop("microservices", tmp_path / "project", options | GROUPS)
    with ExitStack() as stack:
        stack.enter_context(one_build_at_a_time())
        variables = tools()
        for name in ("TEST_DATABASE_URL", "TEST_TARGET_DATABASE_URL"):
            (tmp_path / name).mkdir()
            variables[name] = without_driver(stack.enter_context(SERVERS[server](tmp_path / name)))
        command = ["./mvnw", "--batch-mode", "--no-transfer-progress", "--projects", "chassis", "verify"]
        done = run(command, project, variables)
    assert done.returncode == 0, end_of(done)
    assert re.search(r"Errors: 0, Skipped: 0, .*MoveTest\n", done.stdout), end_of(done)


@pytest.mark.long
@pytest.mark.parametrize(
    ("pattern", "server", "stack"),
    [
        *[(pattern, server, "python") for pattern in ("monolith", "event-driven") for server in SERVERS],
        ("monolith", "postgresql", "spring"),
        ("event-driven", "mysql", "spring"),
    ],
)
def test_payments_leave_and_return_while_customers_order(
    pattern: str, server: str, stack: str, tmp_path: Path
) -> None:
    """No order is lost, no invariant broken, and one suite passes before, between and after."""
    projects = generate_three(pattern, server, "python", tmp_path / "python")
    in_java = built_three(pattern, server, tmp_path / "java") if stack == "spring" else [None] * len(projects)
    events = pattern == "event-driven"
    home = "identity" if events else MONOLITH
    with ExitStack() as servers:
        for name in ("first", "second", "broker"):
            (tmp_path / name).mkdir()
        first, second = (
            servers.enter_context(SERVERS[server](tmp_path / name)) for name in ("first", "second")
        )
        bus = {"BUS_URL": servers.enter_context(kafka(tmp_path / "broker")).url} if events else {}
        routes = {name: Route(servers) for name in ("identity", "payments")}
        urls = {name: route.url for name, route in routes.items()}
        alone = {"identity": urls["identity"]}
        databases = {home: first}, {"identity": first, "payments": second}, {"identity": first}
        one, two, back = (
            servers.enter_context(release(project, found, addresses, SETTINGS | bus, java))
            for project, java, found, addresses in zip(
                projects, in_java, databases, (alone, urls, alone), strict=True
            )
        )
        if events:
            topics(one, "create-topics")
        one.run(f"{home} migrate")
        port = one.start(home)
        if events:
            routes["identity"].lead_to(port)
            port = one.start("gateway")
        proxy = servers.enter_context(proxied(port))
        check_acceptance(one, port)
        http = servers.enter_context(connect(f"http://127.0.0.1:{proxy.port}"))
        accounts = Accounts(http)
        admin = accounts.sign_in(ADMIN)
        customers = Customers(f"http://127.0.0.1:{proxy.port}", Seeder(admin, accounts))

        with customers.ordering():
            time.sleep(1)
            switch = promote(one, two, routes, proxy, first)
            time.sleep(3)
        customers.report("promote", switch)
        check_audit(admin)
        check_acceptance(two, two.ports["gateway"])
        check_audit(admin)
        two.run(two.page()["finish"], SOURCE_DATABASE_URL=first)

        with customers.ordering():
            time.sleep(1)
            switch = merge(two, back, routes, proxy, first, second)
            time.sleep(3)
        customers.report("merge", switch)
        check_audit(admin)
        check_acceptance(back, back.ports["gateway"])
        check_audit(admin)
        back.run(back.page()["finish"], SOURCE_DATABASE_URL=second)
        if events:
            assert topics(back, "dead-letters") == "0 dead letters\n"


def promote(
    one: Release, two: Release, routes: Mapping[str, Route], proxy: Proxy, first: str
) -> tuple[float, float]:
    """Release the programs on the old database, then move the data of payments; return when it switched."""
    two.run("identity migrate")
    routes["identity"].lead_to(two.start("identity"))
    routes["payments"].lead_to(two.start("payments", DATABASE_URL=first))
    proxy.redirect(two.start("gateway"))
    one.stop(*one.programs)

    steps = two.page()
    two.run(steps["migrate"])
    two.run(steps["copy"], SOURCE_DATABASE_URL=first)
    two.run(steps["roll-back"], SOURCE_DATABASE_URL=first)
    two.run(steps["migrate"])
    copying = two.command(steps["copy"], SOURCE_DATABASE_URL=first)
    time.sleep(1.5)
    copying.kill()
    copying.communicate()
    two.run(steps["copy"], SOURCE_DATABASE_URL=first)
    waiting = two.start("payments", name="payments with its database", waits=True)
    began = time.monotonic()
    with routes["payments"].following(waiting):
        two.run(steps["switch"], SOURCE_DATABASE_URL=first)
    ended = time.monotonic()
    two.stop("payments")
    return began, ended


def merge(
    two: Release, back: Release, routes: Mapping[str, Route], proxy: Proxy, first: str, second: str
) -> tuple[float, float]:
    """Move the data of payments, then release the program that has them again; return when it switched."""
    steps = back.page()
    back.run(steps["migrate"])
    back.run(steps["copy"], SOURCE_DATABASE_URL=second)
    waiting = two.start("payments", name="payments with the old one", waits=True, DATABASE_URL=first)
    began = time.monotonic()
    with routes["payments"].following(waiting):
        back.run(steps["switch"], SOURCE_DATABASE_URL=second)
    ended = time.monotonic()
    two.stop("payments with its database")

    routes["identity"].lead_to(back.start("identity"))
    proxy.redirect(back.start("gateway"))
    two.stop("gateway")
    while has_sagas(two) and int(run([python_for_all(), "-c", OPEN_SAGAS, first], back.project).stdout):
        time.sleep(0.2)
    two.stop(*two.programs)
    return began, ended


def has_sagas(release: Release) -> bool:
    """Whether sagas place the orders of the shop."""
    return (release.project / f"services/identity/src/{PACKAGE}/sagas").exists()


def topics(release: Release, command: str) -> str:
    """Run a command of the bus, and return what it prints."""
    variables = {"PYTHONPATH": "libs/src:.", "BUS_URL": release.environments["identity"]["BUS_URL"]}
    done = run([python_for_all(), "-m", "choreography", command], release.project, variables)
    assert done.returncode == 0, end_of(done)
    return done.stdout


def check_audit(admin: User) -> None:
    """The audit of the shop at rest finds all invariants kept."""
    found = wait_until_at_rest(admin, REST_SECONDS)
    assert found is not None
    assert found["at_rest"], found
    assert found["ok"], found


def check_acceptance(release: Release, port: int) -> None:
    """The acceptance suite passes, without the proxy, which loses answers to bodies that are too large."""
    command = [python_for_all(), "-m", "pytest", "-q", "--base-url", f"http://127.0.0.1:{port}"]
    done = run([*command, "--admin", ADMIN, "acceptance"], release.project, {"PYTHONPATH": "."})
    print(done.stdout.splitlines()[-1])
    assert done.returncode == 0, end_of(done)

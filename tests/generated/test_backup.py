"""Backups of shops that take orders, restored into another server by the commands of the README.

The restored shop has all orders from before the backup, its audit is clean, and it takes orders again.
"""

import json
import re
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest

from templates.shared.acceptance.audit import wait_until_at_rest
from templates.shared.acceptance.client import TERMINAL, User, connect
from templates.shared.acceptance.identity import Accounts
from templates.shared.acceptance.paging import walk
from templates.shared.acceptance.seeder import Seeder
from tests.servers.databases import SERVERS
from tests.servers.kafka import kafka
from tests.servers.process import free_port, running

from .audited import ADMIN, SETTINGS
from .choreographies import HERE, java_services
from .environment import environment_for_all, python_for_all
from .running import PACKAGE, shop, variables_without_tools
from .spring import java_home, make, one_build_at_a_time, tools, without_driver

CLIENTS = 4
LOAD_SECONDS = 3.0
REST_SECONDS = 120.0
# Runs all services; a line of the input is the name of a process to stop.
WORKSPACE = """
import json, os, sys
from pathlib import Path
if "JAVA_SERVICES" in os.environ:
    from java_services import Mixed as Workspace
else:
    from dev.workspace import Workspace

folder, databases, settings = sys.argv[1], *map(json.loads, sys.argv[2:])
with Workspace(Path(folder), settings, database_url=databases.__getitem__).running() as workspace:
    print(workspace.url, flush=True)
    for name in sys.stdin:
        workspace.processes[name.strip()].stop()
        print("stopped", flush=True)
"""


@dataclass(frozen=True)
class Place:
    """A database server with the shop's accounts, and a folder for what else the shop stores."""

    project: Path
    pattern: str
    database: str
    url: str
    folder: Path
    bus: str
    """The address of the broker of an event-driven shop."""
    java: Path | None = None
    """The built shop in Java whose services run, and whose commands are tried, instead of those in Python."""

    @property
    def services(self) -> list[str]:
        """The services of a distributed shop."""
        return sorted(each.name for each in self.project.glob("services/*"))

    @property
    def variables(self) -> dict[str, str]:
        """Variables of the database's clients, and of commands of the shop."""
        found = urlsplit(self.url)
        admin = "shop" if self.pattern == "monolith" else "postgres"
        paths = (
            ["libs/src", *(f"services/{name}/src" for name in self.services)] if self.services else ["src"]
        )
        return variables_without_tools() | {
            "PATH": f"{f'{java_home()}/bin' if self.java else f'{environment_for_all()}/bin'}:/usr/bin:/bin",
            "PYTHONPATH": ":".join(str(self.project / each) for each in paths),
            "HOME": str(self.folder),
            "PGHOST": "127.0.0.1",
            "PGPORT": str(found.port),
            "PGUSER": admin,
            "BUS_URL": self.bus,
            "DATABASE_URL": self.database_of("analytics"),
        }

    @property
    def in_java(self) -> dict[str, str]:
        """Variables of a workspace whose services run in Java."""
        if self.java is None:
            return {}
        return {"JAVA_SERVICES": java_services(self.java, self.services)}

    def database_of(self, service: str) -> str:
        """Return the URL of a service's database."""
        server = urlsplit(without_driver(self.url) if self.java else self.url)
        return f"{server.scheme}://{service}:{service}@127.0.0.1:{server.port}/{service}_service"

    def prepare(self) -> None:
        """Make the accounts, as the container does at its first start."""
        found = urlsplit(self.url)
        client = f"host=127.0.0.1\nport={found.port}\npassword=shop"
        if self.pattern != "monolith":
            if self.database == "postgresql":
                self.run("psql shop --command 'CREATE ROLE postgres SUPERUSER LOGIN'", PGUSER="shop")
            else:
                client = f"socket={_socket(self.folder / 'mariadb.log')}"
        (self.folder / ".my.cnf").write_text(f"[client]\n{client}\n")
        if self.pattern != "monolith":
            passwords = {f"{name.upper()}_DATABASE_PASSWORD": name for name in self.services}
            script = self.project / "deploy" / self.database / "databases.sh"
            self.run(str(script), MYSQL_ROOT_PASSWORD="", **passwords)

    def run(self, script: str, **more: str) -> None:
        """Run a script of the shell in the folder of the backup."""
        backup = self.project.parent / "backup"
        backup.mkdir(exist_ok=True)
        if self.java and not (backup / "services").exists():
            # The README names programs in the folder of the project.
            (backup / "services").symlink_to(self.java / "services")
        done = subprocess.run(
            ["sh", "-eu", "-c", script],
            env=self.variables | more,
            cwd=backup,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{script}\n{done.stdout}"

    @contextmanager
    def serving(self) -> Iterator["Serving"]:
        """Run the shop on this server."""
        if self.pattern == "monolith":
            variables = variables_without_tools() | SETTINGS | {"PYTHONPATH": "src", "DATABASE_URL": self.url}
            port = free_port()
            command = [python_for_all(), "-m", f"{PACKAGE}.app"]
            subprocess.run([*command, "migrate"], env=variables, cwd=self.project, check=True)
            url = f"http://127.0.0.1:{port}"
            log = self.folder / "shop.log"
            serve = [*command, "serve", "--port", str(port)]
            with running(
                serve, ready=lambda: _ready(url), log=log, env=variables, cwd=self.project, timeout=300
            ):
                yield Serving(url, None)
            return
        databases = {name: self.database_of(name) for name in self.services}
        settings = SETTINGS | ({"BUS_URL": self.bus} if self.bus else {})
        arguments = [str(self.folder), json.dumps(databases), json.dumps(settings)]
        with subprocess.Popen(
            [python_for_all(), "-c", WORKSPACE, *arguments],
            env=variables_without_tools() | {"PYTHONPATH": f"libs/src:.:{HERE}"} | self.in_java,
            cwd=self.project,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            assert process.stdout
            serving = Serving(process.stdout.readline().strip(), process)
            try:
                yield serving
            finally:
                serving.stop_all()


@dataclass(frozen=True)
class Serving:
    """A running shop."""

    url: str
    workspace: subprocess.Popen[str] | None

    def stop(self, name: str) -> None:
        """Stop a process of a distributed shop."""
        assert self.workspace
        assert self.workspace.stdin
        assert self.workspace.stdout
        self.workspace.stdin.write(f"{name}\n")
        self.workspace.stdin.flush()
        assert self.workspace.stdout.readline() == "stopped\n"

    def stop_all(self) -> None:
        """Stop all processes of a distributed shop."""
        assert self.workspace
        assert self.workspace.stdin
        self.workspace.stdin.close()
        self.workspace.wait(120)


class Load:
    """Customers who order, and cancel some of their orders, until the shop is gone."""

    def __init__(self, seeder: Seeder) -> None:
        self.accepted: list[tuple[str, str]] = []
        """Customer and id of each order that the shop has accepted."""
        self._sku = seeder.product(price=1, stock=1_000_000)
        self._users = [seeder.customer(balance=1_000_000) for _ in range(CLIENTS)]
        self._stopping = threading.Event()

    @contextmanager
    def running(self) -> Iterator[None]:
        """Order during the block."""
        threads = [threading.Thread(target=self._order, args=(user,)) for user in self._users]
        for thread in threads:
            thread.start()
        try:
            time.sleep(LOAD_SECONDS)
            yield
        finally:
            self._stopping.set()
            for thread in threads:
                thread.join()

    def _order(self, user: User) -> None:
        number = 0
        while not self._stopping.is_set():
            number += 1
            try:
                response = user.place({self._sku: 1}, expect=None)
                if response.status_code == 202:
                    self.accepted.append((user.credential, response.json()["id"]))
                if number % 5 == 0:
                    user.wait_for_end(response.json()["id"])
                    user.cancel(response.json()["id"])
            except httpx2.TransportError:
                return


@pytest.mark.parametrize(
    ("pattern", "database"),
    [
        pytest.param(pattern, database, marks=mark)
        for pattern, database, mark in [
            ("monolith", "postgresql", pytest.mark.thorough),
            ("monolith", "mysql", pytest.mark.thorough),
            ("microservices", "postgresql", pytest.mark.long),
            ("microservices", "mysql", pytest.mark.thorough),
            ("event-driven", "postgresql", pytest.mark.thorough),
            ("event-driven", "mysql", pytest.mark.long),
        ]
    ],
)
def test_a_restored_backup_is_a_whole_shop(pattern: str, database: str, tmp_path: Path) -> None:
    """Backup under load by the README's commands, restore into an empty server, audit, and an order."""
    check_backup(pattern, database, tmp_path)


@pytest.mark.long
@pytest.mark.parametrize(
    ("pattern", "database"), [("microservices", "postgresql"), ("event-driven", "mysql")]
)
def test_a_restored_backup_is_a_whole_shop_in_java(pattern: str, database: str, tmp_path: Path) -> None:
    """The README of services in Java has commands, too, and they keep what customers have ordered."""
    options = {"stack": "spring", "database": database, "cache": "memory", "auth": "jwt"}
    project = shop(pattern, tmp_path / "java", options)
    with one_build_at_a_time():
        make(project, tools(), "dev/target/dev.jar")
    check_backup(pattern, database, tmp_path, project)


def check_backup(pattern: str, database: str, tmp_path: Path, java: Path | None = None) -> None:
    """Back up a shop by its README, or that of the one in `java`, and check what is restored."""
    options = {"database": database, "cache": "memory", "auth": "jwt"}
    project = shop(pattern, tmp_path / "project", options)
    commands = _commands((java or project) / "README.md")
    idle = commands.pop(0) if pattern == "event-driven" else None
    backup, restore, *after = commands
    with ExitStack() as stack:
        old, new = (
            _place(stack, project, pattern, database, tmp_path / name, java) for name in ("old", "new")
        )
        accepted = _back_up(old, idle, backup)
        assert len(accepted) > CLIENTS
        new.run(restore)
        for each in after if pattern == "event-driven" else ():
            new.run(each)
        with new.serving() as serving, connect(serving.url) as http:
            identity = Accounts(http)
            seeder = Seeder(identity.sign_in(ADMIN), identity)
            report = wait_until_at_rest(seeder.admin, REST_SECONDS)
            print(f"{pattern} on {database}: {len(accepted)} orders before the backup, then {report}")
            assert report
            assert (report["at_rest"], report["ok"]) == (True, True), report
            for credential in {owner for owner, _ in accepted}:
                orders = walk(identity.sign_in(credential), "/v1/orders", 100)
                own = {order for owner, order in accepted if owner == credential}
                assert {each["id"] for each in orders} >= own
                assert {each["state"] for each in orders} <= TERMINAL
            assert seeder.customer(balance=100).order({seeder.product(price=100): 1})["state"] == "CONFIRMED"


def _place(
    stack: ExitStack, project: Path, pattern: str, database: str, folder: Path, java: Path | None
) -> Place:
    folder.mkdir()
    bus = ""
    if pattern == "event-driven":
        # Services in Java have no embedded bus.
        bus = stack.enter_context(kafka(folder)).url if java else f"sqlite:///{folder}/bus.db"
    url = stack.enter_context(SERVERS[database](folder))
    place = Place(project, pattern, database, url, folder, bus, java)
    place.prepare()
    return place


def _back_up(old: Place, idle: str | None, backup: str) -> list[tuple[str, str]]:
    """Back up the shop under load, as its README says; return the orders that were accepted before."""
    with ExitStack() as stack:
        serving = stack.enter_context(old.serving())
        http = stack.enter_context(connect(serving.url))
        identity = Accounts(http)
        load = Load(Seeder(identity.sign_in(ADMIN), identity))
        stack.enter_context(load.running())
        if idle is not None:
            serving.stop("gateway")
            old.run(idle)
        elif (old.pattern, old.database) == ("microservices", "postgresql"):
            serving.stop_all()
        accepted = list(load.accepted)
        old.run(backup)
    return accepted


def _commands(readme: Path) -> list[str]:
    """Return the blocks of commands of the section about backups, without that for development."""
    section = readme.read_text().partition("## Backup\n")[2].partition("\n## ")[0]
    return [block for block in re.findall(r"```sh\n(.*?)```", section, re.DOTALL) if "sqlite3" not in block]


def _socket(log: Path) -> str:
    while not (found := re.search(r"socket: '([^']+)'", log.read_text())):
        time.sleep(0.05)
    return found[1]


def _ready(url: str) -> bool:
    try:
        return httpx2.get(f"{url}/readyz", trust_env=False).status_code == 200
    except httpx2.TransportError:
        return False

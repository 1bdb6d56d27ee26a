"""A shop on one machine with real processes: releases under load, a backup, and its restore.

Docker is a stand-in. The shop, its database, the edge in front of it and the generated commands are real.
"""

import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from templates.shared.acceptance.audit import wait_until_at_rest
from templates.shared.acceptance.client import connect
from templates.shared.acceptance.identity import Accounts
from templates.shared.acceptance.paging import walk
from templates.shared.acceptance.seeder import Seeder
from tests.generated.audited import ADMIN, SETTINGS
from tests.generated.environment import environment_for_all, python_for_all
from tests.generated.running import PACKAGE
from tests.servers.databases import mariadb
from tests.servers.process import folder_of, free_port, program, unprivileged

from . import edges
from .customers import Load
from .machines import Machine

pytestmark = pytest.mark.long
Programs = dict[str, Any]
PAUSE_SECONDS = 0.2
"""A shop that is busy refuses orders, which would hide what a release does."""


@contextmanager
def postgresql(folder: Path) -> Iterator[tuple[str, Programs]]:
    """Yield the URL of a PostgreSQL, and the program that the stand-in starts and stops."""
    binaries = sorted(str(path) for path in Path("/usr/lib/postgresql").glob("*/bin"))
    server = Path(program("postgres", *reversed(binaries))).resolve()
    user, port = unprivileged("postgres"), free_port()
    with folder_of(user) as home:
        data, password = home / "data", home / "password"
        password.write_text("shop")
        password.chmod(0o644)
        initdb = [str(server.with_name("initdb")), "--no-sync", "-U", "shop", "--auth=trust", "-D", str(data)]
        subprocess.run(initdb, check=True, user=user, capture_output=True, cwd=home)
        command = [str(server), "-D", str(data), "-p", "PORT", "-c", "listen_addresses=127.0.0.1"]
        yield (
            f"postgresql+asyncpg://shop@127.0.0.1:{port}/postgres",
            {
                "command": [*command, "-c", "unix_socket_directories="],
                "variables": {
                    "PATH": f"{server.parent}:{os.environ['PATH']}",
                    "PGDATA": str(data),
                    "PGHOST": "127.0.0.1",
                    "PGPORT": str(port),
                    "POSTGRES_USER": "shop",
                },
                "user": user,
                "folder": str(home),
                "ports": [port],
                "ready": "",
                "signal": "SIGINT",
            },
        )


@contextmanager
def mysql(folder: Path) -> Iterator[tuple[str, Programs]]:
    """Yield the URL of a MariaDB that runs, and what its clients need."""
    with mariadb(folder) as url:
        client = folder / ".my.cnf"
        client.write_text(f"[client]\nhost=127.0.0.1\nport={urlsplit(url).port}\n")
        variables = {"PATH": os.environ["PATH"], "HOME": str(folder)}
        variables |= {"MYSQL_USER": "shop", "MYSQL_PASSWORD": "shop"}
        yield url, {"variables": variables, "user": None, "folder": str(folder)}


SERVERS: Mapping[str, Callable[[Path], AbstractContextManager[tuple[str, Programs]]]] = {
    "postgresql": postgresql,
    "mysql": mysql,
}


@pytest.mark.parametrize(("edge", "database"), [("nginx", "postgresql"), ("haproxy", "mysql")])
def test_releases_fail_no_request_and_a_backup_is_restored(edge: str, database: str, tmp_path: Path) -> None:
    """A release and a rollback fail no request; a restored backup has the orders before it and no others."""
    machine = Machine(tmp_path, database=database, load_balancer=edge, cache="memory")
    with SERVERS[database](tmp_path) as (url, server):
        ports = [free_port() for _ in range(3)]
        machine.install({"database": server, **shop_programs(machine, url, ports)})
        try:
            first = machine.make("release", "TAG=1.0.0")
            assert (first.returncode, first.stdout.splitlines()[-1:]) == (0, ["Released 1.0.0."]), first
            text = (machine.project / edges.CONFIGURATION[edge]).read_text()
            with edges.serve(edge, text, ports, tmp_path, [edges.NO_LIMIT[edge]]) as port:
                check(machine, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{ports[0]}")
        finally:
            machine.stop_all()


def shop_programs(machine: Machine, url: str, ports: list[int]) -> Programs:
    """Return the programs of the shop and of its migration."""
    variables = SETTINGS | {
        "PATH": f"{environment_for_all()}/bin:{os.environ['PATH']}",
        "PYTHONPATH": f"{machine.project / 'src'}:{machine.project}",
        "DATABASE_URL": url,
        "DRAIN_SECONDS": "3",
    }
    command = [python_for_all(), "-m", f"{PACKAGE}.app"]
    common = {"variables": variables, "user": None, "folder": str(machine.project)}
    serve = [*command, "serve", "--port", "PORT"]
    return {
        "app": {**common, "command": serve, "ports": ports, "ready": "/readyz", "signal": "SIGTERM"},
        "migrate": {**common, "command": [*command, "migrate"]},
    }


def check(machine: Machine, edge: str, direct: str) -> None:
    """Release, roll back, back up and restore; `direct` is the address of a process, for the audit."""
    with connect(edge) as http, connect(direct) as process:
        identity = Accounts(http)
        seeder = Seeder(identity.sign_in(ADMIN), identity)
        load = Load(seeder, PAUSE_SECONDS)
        with load.running():
            for command in (("release", "TAG=1.1.0"), ("rollback", "TAG=1.0.0")):
                done = machine.make(*command)
                assert done.returncode == 0, done.stderr
            before = set(load.accepted)
            saved = machine.make("backup")
            assert saved.returncode == 0, saved.stderr
        assert load.failed == []
        print(f"{len(load.accepted)} orders during a release, a rollback and a backup; none failed")
        late = load.users[0].order({seeder.product(price=1): 1})["id"]
        restored = machine.make("restore", f"BACKUP={saved.stdout.strip()}")
        assert restored.returncode == 0, restored.stderr
        orders = {each["id"] for user in load.users for each in walk(user, "/v1/orders", 100)}
        assert before <= orders
        assert late not in orders
        report = wait_until_at_rest(Accounts(process).sign_in(ADMIN), 60)
        assert report
        assert (report["at_rest"], report["ok"]) == (True, True), report
        assert seeder.customer(balance=100).order({seeder.product(price=100): 1})["state"] == "CONFIRMED"

"""Each service has its own account on the database server, with rights to its own database only."""

import os
import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.servers.databases import mariadb, postgresql
from tests.servers.process import program

from . import architecture, images
from .projects import Project


@dataclass(frozen=True)
class Server:
    """Database server with the accounts of a project."""

    port: int
    client: list[str]
    database_option: str

    def enter(self, account: str, database: str) -> subprocess.CompletedProcess[str]:
        """Connect to a database as a service."""
        command = [*self.client, f"--user{'name' * ('psql' in self.client[0])}={account}"]
        return subprocess.run(
            [*command, f"{self.database_option}={database}"],
            input="SELECT 1;",
            env={**os.environ, "MYSQL_PWD": password(f"{account.upper()}_DATABASE_PASSWORD")},
            capture_output=True,
            text=True,
            check=False,
        )


def password(variable: str) -> str:
    """Return the password that .env would contain."""
    return f"{variable.lower()}-1"


@contextmanager
def started(project: Project, folder: Path) -> Iterator[Server]:
    """Run the database server and the scripts that its container runs at its first start."""
    if project.options["database"] == "postgresql":
        with postgresql(folder) as url:
            port = urlsplit(url).port or 0
            client = [program("psql"), "--no-psqlrc", "--host=127.0.0.1", f"--port={port}"]
            superuser = "--command=CREATE ROLE postgres SUPERUSER LOGIN"
            subprocess.run([*client, "--username=shop", superuser], check=True, capture_output=True)
            make_accounts(project, "postgresql", {"PGHOST": "127.0.0.1", "PGPORT": str(port)})
            yield Server(port, client, "--dbname")
    else:
        with mariadb(folder) as url:
            port = urlsplit(url).port or 0
            # In the container, the client uses the default socket.
            (folder / ".my.cnf").write_text(f"[client]\nsocket={socket_of(folder / 'mariadb.log')}\n")
            make_accounts(project, "mysql", {"HOME": str(folder), "MYSQL_ROOT_PASSWORD": ""})
            client = [program("mysql"), "--no-defaults", "--host=127.0.0.1", f"--port={port}"]
            yield Server(port, client, "--database")


def socket_of(log: Path) -> str:
    """Return MariaDB's socket once its log names it."""
    while not (found := re.search(r"socket: '([^']+)'", log.read_text())):
        time.sleep(0.05)
    return found[1]


def make_accounts(project: Project, folder: str, environment: Mapping[str, str]) -> None:
    """Run the project's script."""
    script = project.folder / "deploy" / folder / "databases.sh"
    assert os.access(script, os.X_OK), "the image would read it into its own shell instead of running it"
    names = [name for name in project.variables("deploy/env.example") if name.endswith("DATABASE_PASSWORD")]
    given = {**os.environ, **environment, **{name: password(name) for name in names}}
    done = subprocess.run([script], env=given, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.thorough
@pytest.mark.parametrize("database", ["postgresql", "mysql"])
def test_accounts_have_only_the_needed_rights(
    distributed: list[Project], tmp_path: Path, database: str
) -> None:
    """Each service can migrate with its Compose settings, and cannot access another service's database."""
    project = next(
        each for each in distributed if (each.options["database"], each.options["auth"]) == (database, "jwt")
    )
    names = architecture.CORE[project.pattern]
    hosts = {name: host for host, name in architecture.processes(project).items()}
    with started(project, tmp_path) as server:
        for name, other in zip(names, [*names[1:], names[0]], strict=True):
            address = project.compose["services"][hosts[name]]["environment"]["DATABASE_URL"]
            address = re.sub(r"\$\{(\w+)[^}]*\}", lambda found: password(found[1]), address)
            address = address.replace("@database/", f"@127.0.0.1:{server.port}/")
            done = images.run(project, name, tmp_path / name, {"DATABASE_URL": address}, "migrate")
            assert done.returncode == 0, done.stderr
            assert server.enter(name, f"{name}_service").returncode == 0
            refused = server.enter(name, f"{other}_service")
            assert refused.returncode != 0
            assert "denied" in refused.stderr

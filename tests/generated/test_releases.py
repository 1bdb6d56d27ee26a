"""Processes that start before their migrations, and two releases while the schema changes."""

import json
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe

import pytest
import yaml

from tests.deploy.clients import ask
from tests.servers.databases import SERVERS
from tests.servers.process import free_port, listening, running

from .environment import python_for_all
from .migrations import add_migration
from .running import PACKAGE, shop

pytestmark = pytest.mark.slow
START_SECONDS = 60.0


@contextmanager
def sqlite(folder: Path) -> Iterator[str]:
    """Yield the URL of a new embedded database."""
    yield f"sqlite+aiosqlite:///{folder}/shop.db"


PROGRAMS = {
    "monolith": ("app", "catalog", "src", "app"),
    "microservices": ("catalog_service", "catalog", "services/catalog/src", "catalog"),
    "event-driven": ("inventory_service", "inventory", "services/inventory/src", "inventory"),
}
"""Program, context, sources and container of each pattern."""


@dataclass(frozen=True)
class Release:
    """A release of a program, on a database that it may share with another one."""

    pattern: str
    folder: Path
    database: str

    @property
    def environment(self) -> dict[str, str]:
        """The variables of its processes."""
        sources = [str(self.folder / each) for each in ("libs/src", PROGRAMS[self.pattern][2])]
        return {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(sources),
            "DATABASE_URL": self.database,
            "SIGNING_KEYS": token_urlsafe(32),
            "ADMIN_EMAIL": "admin@example.com",
            "ADMIN_PASSWORD": token_urlsafe(12),
            "IDENTITY_URL": "http://127.0.0.1:9",
        }

    def command(self, *arguments: str) -> list[str]:
        """Return a command of the program."""
        return [python_for_all(), "-m", f"{PACKAGE}.{PROGRAMS[self.pattern][0]}", *arguments]

    def migrate(self) -> None:
        """Apply the migrations of this release."""
        done = subprocess.run(
            self.command("migrate"), env=self.environment, cwd=self.folder, check=False, capture_output=True
        )
        assert done.returncode == 0, done.stderr

    @contextmanager
    def served(self) -> Iterator["Process"]:
        """Serve during the block."""
        port, log = free_port(), self.folder / f"{time.monotonic_ns()}.log"
        command = self.command("serve", "--port", str(port))
        ready = lambda: listening(port)  # noqa: E731
        with running(command, ready=ready, log=log, env=self.environment, cwd=self.folder):
            yield Process(port, log)

    def next(self) -> "Release":
        """Return the release after this one, which has one more migration."""
        folder = self.folder.with_name("next")
        shutil.copytree(self.folder, folder)
        _, context, sources, _ = PROGRAMS[self.pattern]
        add_migration(folder / sources / PACKAGE / context / "migrations")
        return Release(self.pattern, folder, self.database)

    def is_healthy(self, process: "Process") -> bool:
        """Whether the health check of the container succeeds for a process."""
        compose = yaml.safe_load((self.folder / "deploy/compose.yaml").read_text())
        check = compose["services"][PROGRAMS[self.pattern][3]]["healthcheck"]["test"]
        command = [each.replace("$$", "$").replace("8000", str(process.port)) for each in check[1:]]
        return subprocess.run(command, check=False, capture_output=True).returncode == 0


@dataclass(frozen=True)
class Process:
    """A process that serves."""

    port: int
    log: Path

    def checks(self) -> tuple[int, dict[str, str]]:
        """Return the status of the readiness probe, and the outcome of each check."""
        answer = ask(self.port, "/readyz")
        return answer.status, json.loads(answer.body)["checks"]

    def wait_until_ready(self) -> None:
        """Wait until the readiness probe succeeds."""
        deadline = time.monotonic() + START_SECONDS
        while self.checks()[0] != 200:
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.1)

    def waits(self) -> int:
        """Return how often it has said that it waits for its schema."""
        return self.log.read_text().count("Waiting for the schema")


@pytest.mark.parametrize(
    ("pattern", "database"),
    [
        ("monolith", "sqlite"),
        *(
            pytest.param(pattern, database, marks=pytest.mark.thorough)
            for pattern, database in [
                ("microservices", "sqlite"),
                ("event-driven", "sqlite"),
                ("monolith", "postgresql"),
                ("monolith", "mysql"),
            ]
        ),
    ],
)
def test_releases_are_ready_with_their_schema(tmp_path: Path, pattern: str, database: str) -> None:
    """New code waits for its migration, and says so once; old code stays ready, also if it restarts."""
    options = {} if database == "sqlite" else {"database": database}
    folder = shop(pattern, tmp_path / "shop", options)
    with (SERVERS | {"sqlite": sqlite})[database](tmp_path) as url:
        old = Release(pattern, folder, url)
        with old.served() as first:
            time.sleep(1)
            status, checks = first.checks()
            assert (status, checks["database"], checks["schema"]) == (503, "ok", "pending")
            assert ask(first.port, "/livez").status == 200
            assert not old.is_healthy(first)
            old.migrate()
            first.wait_until_ready()
            assert first.waits() == 1
            assert old.is_healthy(first)
            new = old.next()
            with new.served() as second:
                time.sleep(1)
                assert (first.checks()[0], second.checks()[0]) == (200, 503)
                new.migrate()
                second.wait_until_ready()
                assert second.waits() == 1
            assert first.checks()[0] == 200
        old.migrate()
        with old.served() as again:
            again.wait_until_ready()
            assert again.waits() == 0

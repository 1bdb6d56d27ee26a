"""Temporary databases on a PostgreSQL server."""

import asyncio
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import asyncpg

REST_SECONDS = 60.0


@contextmanager
def database(server: str, template: str | None = None) -> Iterator[str]:
    """Create a database on the server of a URL, empty or a copy of `template`; drop it after the block."""
    name = f"bench_{secrets.token_hex(4)}"
    copied = f" TEMPLATE {_name(template)}" if template else ""
    ask(server, f"CREATE DATABASE {name}{copied}")
    try:
        yield urlsplit(server)._replace(path=f"/{name}").geturl()
    finally:
        ask(server, f"DROP DATABASE {name} WITH (FORCE)")


def ask(url: str, statement: str) -> list[Any]:
    """Run one statement and return its rows."""

    async def run() -> list[Any]:
        connection = await asyncpg.connect(as_dsn(url))
        try:
            return list(await connection.fetch(statement))
        finally:
            await connection.close()

    return asyncio.run(run())


def as_dsn(url: str) -> str:
    """Convert SQLAlchemy's URL to asyncpg's."""
    return url.replace("postgresql+asyncpg", "postgresql")


def until_drained(url: str) -> None:
    """Wait until all outboxes are empty, so that deliveries do not affect the next contender."""
    tables = ask(url, "SELECT table_schema FROM information_schema.tables WHERE table_name = 'outbox'")
    waiting = " OR ".join(f"EXISTS (SELECT FROM {table['table_schema']}.outbox)" for table in tables)
    deadline = time.monotonic() + REST_SECONDS
    while ask(url, f"SELECT {waiting} AS waiting")[0]["waiting"]:
        if time.monotonic() > deadline:
            raise TimeoutError(f"the outboxes are not empty after {REST_SECONDS:.0f} s")
        time.sleep(0.2)


def _name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")

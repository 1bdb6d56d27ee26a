"""Fixtures for the tests of every context: an empty database and API clients.

The database is embedded, or created on the server in TEST_DATABASE_URL. Where schemas are not part of a
database, that server must not have the shop's schemas yet: tests delete only what they created.
"""

import asyncio
import os
import secrets
import shutil
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from uuid import NAMESPACE_DNS, uuid5

import pytest
import sqlalchemy as sa
from fastapi import APIRouter, FastAPI
from granian.constants import Interfaces
from granian.server.embed import Server
from httpx2 import ASGITransport, AsyncClient, ConnectError
from sqlalchemy.ext.asyncio import create_async_engine

from .auth.security import ADMIN, BEARER, Principal
from .db import dialect, migrating
from .db.database import Database, DatabaseSettings
from .http import problems

Serve = Callable[[APIRouter], Callable[[str], AsyncClient]]
SERVER = os.environ.get("TEST_DATABASE_URL")
POOL_SIZE = 10


@pytest.fixture(scope="session")
def _migrated_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a migrated database, which is dropped at the end."""
    if SERVER is None:
        url = f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('database')}/shop.db"
        asyncio.run(_migrate(url))
        yield url
        return
    name = f"test_{secrets.token_hex(4)}"
    url = sa.make_url(SERVER).set(database=name).render_as_string(hide_password=False)
    asyncio.run(_execute(f"CREATE DATABASE {name}"))
    try:
        asyncio.run(_migrate(url))
        yield url
    finally:
        asyncio.run(_execute(*_drops(name)))


@pytest.fixture
async def database_url(_migrated_url: str, tmp_path: Path) -> str:
    """The URL of a migrated database without any rows."""
    if SERVER is not None:
        await _empty(_migrated_url)
        return _migrated_url
    shutil.copy(_path(_migrated_url), tmp_path / "shop.db")
    return f"sqlite+aiosqlite:///{tmp_path}/shop.db"


@pytest.fixture
async def connect(database_url: str) -> AsyncIterator[Callable[[], Database]]:
    """Opens the test's database; each call has its own connections, like a separate process."""
    opened: list[Database] = []

    def open_one() -> Database:
        opened.append(_open(database_url))
        return opened[-1]

    yield open_one
    for database in opened:
        await database.close()


@pytest.fixture
def database(connect: Callable[[], Database]) -> Database:
    """The test's database."""
    return connect()


async def create_tables(database: Database, metadata: sa.MetaData) -> None:
    """Create tables that only a test has, empty, in their schema."""
    async with database.engine.begin() as connection:
        if database.engine.dialect.name != "sqlite":
            await connection.execute(sa.text(f"CREATE SCHEMA IF NOT EXISTS {metadata.schema}"))
        await connection.run_sync(metadata.drop_all)
        await connection.run_sync(metadata.create_all)


class StubVerifier:
    """Takes any token for a user's name and derives the id from it; `admin` is the administrator."""

    challenge = "Bearer"
    security_scheme = BEARER

    async def verify(self, token: str) -> Principal:
        """Return the user with that name."""
        return Principal(uuid5(NAMESPACE_DNS, token), None, frozenset({ADMIN} if token == ADMIN else ()))


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serves the routes of one context: `serve(router)("alice")` returns a client signed in as alice."""
    async with AsyncExitStack() as stack:

        def start(router: APIRouter) -> Callable[[str], AsyncClient]:
            app = FastAPI()
            problems.install(app)
            app.state.verifier = StubVerifier()
            app.include_router(router)

            def client_of(name: str) -> AsyncClient:
                client = AsyncClient(
                    transport=ASGITransport(app=app),
                    base_url="http://shop",
                    headers={"Authorization": f"Bearer {name}"} if name else {},
                )
                stack.push_async_callback(client.aclose)
                return client

            return client_of

        yield start


def _open(url: str) -> Database:
    return Database(DatabaseSettings(database_url=url, database_pool_size=POOL_SIZE))


def _path(url: str) -> str:
    path = sa.make_url(url).database
    assert path is not None
    return path


@asynccontextmanager
async def serving(app: FastAPI) -> AsyncIterator[str]:
    """Serve `app` during the block; yield its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Server(app, port=port, interface=Interfaces.ASGI, websockets=False, log_enabled=False)
    task = asyncio.create_task(server.serve())
    url = f"http://127.0.0.1:{port}"
    try:
        await _wait_for(url)
        yield url
    finally:
        server.stop()  # type: ignore[no-untyped-call]
        await task


async def _wait_for(url: str) -> None:
    async with AsyncClient(base_url=url, trust_env=False) as client:
        for _ in range(100):
            with suppress(ConnectError):
                await client.get("/")
                return
            await asyncio.sleep(0.05)
    raise TimeoutError(f"{url} is not responding")


async def _migrate(url: str) -> None:
    database = _open(url)
    await _refuse_foreign_schemas(database)
    await migrating.upgrade(database)
    await database.close()


async def _refuse_foreign_schemas(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        return
    async with database.engine.connect() as connection:
        existing = set(await connection.run_sync(lambda sync: sa.inspect(sync).get_schema_names()))
    if conflicts := existing & {metadata.schema for metadata in _metadatas()}:
        names = ", ".join(sorted(map(str, conflicts)))
        pytest.exit(f"The server in TEST_DATABASE_URL already has the schemas {names}. Use another one.", 2)


async def _empty(url: str) -> None:
    database = _open(url)
    async with database.transaction() as transaction:
        for metadata in _metadatas():
            for table in reversed(metadata.sorted_tables):
                await transaction.execute(sa.delete(table))
    await database.close()


def _metadatas() -> list[sa.MetaData]:
    return list(migrating.metadata().values())


def _drops(name: str) -> list[str]:
    return dialect.drop_database(name, [str(metadata.schema) for metadata in _metadatas()])


async def _execute(*statements: str) -> None:
    engine = create_async_engine(str(SERVER), isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for statement in statements:
            await connection.execute(sa.text(statement))
    await engine.dispose()

"""What the tests of every context need: an empty database, and callers of its routes.

The database is an embedded one, or one of its own on the server in TEST_DATABASE_URL. A server
whose schemas lie beside its databases must have none of ours: tests never empty what they did not make.
"""

import asyncio
import os
import secrets
import shutil
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from uuid import NAMESPACE_DNS, uuid5

import pytest
import sqlalchemy as sa
from fastapi import APIRouter, FastAPI
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy.ext.asyncio import create_async_engine

from .chassis import dialect, migrating, problems
from .chassis.database import Database, DatabaseSettings
from .chassis.security import ADMIN, Principal

Serve = Callable[[APIRouter], Callable[[str], AsyncClient]]
SERVER = os.environ.get("TEST_DATABASE_URL")
POOL_SIZE = 10


@pytest.fixture(scope="session")
def _migrated_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a database that has all tables, and is dropped at the end."""
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
    """The URL of a database that has all tables, and nothing in them."""
    if SERVER is not None:
        await _empty(_migrated_url)
        return _migrated_url
    shutil.copy(_path(_migrated_url), tmp_path / "shop.db")
    return f"sqlite+aiosqlite:///{tmp_path}/shop.db"


@pytest.fixture
async def connect(database_url: str) -> AsyncIterator[Callable[[], Database]]:
    """Opens the test's database; each call stands for another process, with connections of its own."""
    opened: list[Database] = []

    def open_one() -> Database:
        opened.append(_open(database_url))
        return opened[-1]

    yield open_one
    for database in opened:
        await database.close()


@pytest.fixture
def database(connect: Callable[[], Database]) -> Database:
    """The test's database, open."""
    return connect()


class StubVerifier:
    """Takes any token for the name of a user, whose id is made from it; `admin` is the administrator."""

    challenge = "Bearer"

    async def verify(self, token: str) -> Principal:
        """Return the user of that name."""
        return Principal(uuid5(NAMESPACE_DNS, token), None, frozenset({ADMIN} if token == ADMIN else ()))


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Serves a context's routes alone: `serve(router)("alice")` calls them as the user of that name."""
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


async def _migrate(url: str) -> None:
    database = _open(url)
    await _refuse_foreign_schemas(database)
    await migrating.upgrade(database)
    await database.close()


async def _refuse_foreign_schemas(database: Database) -> None:
    if database.engine.dialect.name == "sqlite":
        return
    async with database.engine.connect() as connection:
        there = set(await connection.run_sync(lambda sync: sa.inspect(sync).get_schema_names()))
    if ours := there & {metadata.schema for metadata in _metadatas()}:
        pytest.exit(f"The server in TEST_DATABASE_URL has the schemas {sorted(map(str, ours))} already.", 2)


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

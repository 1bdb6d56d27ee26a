"""A small application around identity, on an empty database."""

import os
import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from fastapi.testclient import TestClient
from limits.aio.storage import MemoryStorage
from pydantic import SecretStr

from ...chassis import problems
from ...chassis.database import Database, DatabaseSettings
from ...chassis.ratelimit import RateLimits
from ..module import Identity, IdentitySettings, build
from ..tables import metadata
from .shop import ADMIN, Shop


@pytest.fixture
def seeds() -> list[str]:
    """Two seeds of signing keys."""
    return [secrets.token_urlsafe(32), secrets.token_urlsafe(32)]


@pytest.fixture
def settings(seeds: list[str]) -> IdentitySettings:
    """Settings with an administrator and tight rate limits for one e-mail address."""
    return IdentitySettings(
        signing_keys=SecretStr(",".join(seeds)),
        admin_email=ADMIN["email"],
        admin_password=SecretStr(ADMIN["password"]),
        logins_per_email="5/minute",
    )


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """The database of TEST_DATABASE_URL, or an embedded one."""
    url = os.environ.get("TEST_DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/shop.db")
    return Database(DatabaseSettings(database_url=url, database_pool_size=5))


@pytest.fixture
def shop(settings: IdentitySettings, database: Database) -> Iterator[Shop]:
    """The application, running."""
    identity = build(settings, database, RateLimits(MemoryStorage()))
    with TestClient(_application(identity, database)) as client:
        yield Shop(client, identity, database)


def _application(identity: Identity, database: Database) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await _create(database)
        await identity.start()
        yield
        await identity.stop()
        await database.close()

    app = FastAPI(lifespan=lifespan)
    problems.install(app)
    app.state.verifier = identity.verifier
    for router in identity.routers:
        app.include_router(router)
    return app


async def _create(database: Database) -> None:
    async with database.transaction() as transaction:
        if database.engine.dialect.name != "sqlite":
            await transaction.execute(sa.text("CREATE SCHEMA IF NOT EXISTS identity"))
        await transaction.run_sync(metadata.drop_all)
        await transaction.run_sync(metadata.create_all)

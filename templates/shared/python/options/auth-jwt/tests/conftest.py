"""Fixtures: an application with identity alone, on an empty database."""

import secrets
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from limits.aio.storage import MemoryStorage
from pydantic import SecretStr
from starlette.types import ASGIApp, Receive, Scope, Send

from chassis.db.database import Database, DatabaseSettings
from chassis.http import problems
from chassis.http.ratelimit import RateLimits

from ..module import Identity, IdentitySettings, build
from .shop import ADMIN, Mailbox, Shop


@pytest.fixture(autouse=True)
def no_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Isolate the test from the developer's .env file."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def seeds() -> list[str]:
    """Two seeds for signing keys."""
    return [secrets.token_urlsafe(32), secrets.token_urlsafe(32)]


@pytest.fixture
def settings(seeds: list[str]) -> IdentitySettings:
    """Settings with an administrator and a tight rate limit per email address."""
    return IdentitySettings(
        signing_keys=SecretStr(",".join(seeds)),
        admin_email=ADMIN["email"],
        admin_password=SecretStr(ADMIN["password"]),
        logins_per_email="5/minute",
    )


@pytest.fixture
def database(database_url: str) -> Database:
    """The test's database, unconnected: its connections must belong to the application's event loop."""
    return Database(DatabaseSettings(database_url=database_url))


@pytest.fixture
def shop(settings: IdentitySettings, database: Database) -> Iterator[Shop]:
    """The running application."""
    mail = Mailbox()
    identity = build(settings, database, RateLimits(MemoryStorage()), mail)
    with TestClient(_at_given_address(_application(identity, database))) as client:
        yield Shop(client, identity, database, mail)


def _at_given_address(app: ASGIApp) -> ASGIApp:
    """Let requests name the address that they come from."""

    async def moved(scope: Scope, receive: Receive, send: Send) -> None:
        for name, value in scope.get("headers", ()):
            if name == b"x-test-address":
                scope["client"] = (value.decode(), 0)
        await app(scope, receive, send)

    return moved


def _application(identity: Identity, database: Database) -> FastAPI:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
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

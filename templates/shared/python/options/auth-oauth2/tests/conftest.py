"""Fixtures: an application with identity alone, and a simulated issuer."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from chassis.auth.module import build as build_access
from chassis.auth.tests.provider import ISSUER, Provider
from chassis.http import problems

from ..module import Identity, IdentitySettings


@pytest.fixture(autouse=True)
def no_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Isolate the test from the developer's .env file."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def provider() -> Provider:
    """A simulated issuer."""
    return Provider()


@pytest.fixture
def settings() -> IdentitySettings:
    """Settings for the simulated issuer."""
    return IdentitySettings(oidc_issuer=ISSUER, public_url="https://shop.example/")


@pytest.fixture
def identity(settings: IdentitySettings, provider: Provider) -> Identity:
    """Identity, not yet started."""
    return Identity(settings, build_access(settings, provider.client()))


@pytest.fixture
def client(identity: Identity) -> Iterator[TestClient]:
    """A client of the running application."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await identity.start()
        yield
        await identity.stop()

    app = FastAPI(lifespan=lifespan)
    problems.install(app)
    app.state.verifier = identity.verifier
    for router in identity.routers:
        app.include_router(router)
    with TestClient(app) as client:
        yield client

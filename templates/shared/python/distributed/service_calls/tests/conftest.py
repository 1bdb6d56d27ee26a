"""Fixtures: a provider and its clients."""

import random
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from .provider import Open, Provider, calling, providing


@pytest.fixture(autouse=True)
def no_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ignore the developer's own .env file."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def kept_connections(monkeypatch: pytest.MonkeyPatch) -> None:
    """No call closes its connection by chance."""
    monkeypatch.setattr(random, "random", lambda: 0.999)


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    """A running provider."""
    async with providing() as provider:
        yield provider


@pytest.fixture
async def call(provider: Provider) -> AsyncIterator[Open]:
    """Creates clients of the provider."""
    async with calling(provider.url) as opening:
        yield opening

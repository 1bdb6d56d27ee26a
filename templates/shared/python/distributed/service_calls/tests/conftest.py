"""A provider and its callers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from .provider import Open, Provider, calling, providing


@pytest.fixture(autouse=True)
def no_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own settings out."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
async def provider() -> AsyncIterator[Provider]:
    """A provider, listening."""
    async with providing() as provider:
        yield provider


@pytest.fixture
async def call(provider: Provider) -> AsyncIterator[Open]:
    """Opens peers for that provider."""
    async with calling(provider.url) as opening:
        yield opening

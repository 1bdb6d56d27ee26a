"""Fixtures: a simulated identity service, and access that verifies its tokens."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ..access import Access
from ..module import AccessSettings, build
from .provider import Provider


@pytest.fixture(autouse=True)
def no_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Isolate the test from the developer's .env file."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def provider() -> Provider:
    """A simulated identity service."""
    return Provider()


@pytest.fixture
async def access(provider: Provider) -> AsyncIterator[Access]:
    """Access, started."""
    access = build(AccessSettings(identity_url="http://identity:8000/"), provider.client())
    await access.start()
    yield access
    await access.stop()

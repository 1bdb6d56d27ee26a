"""An identity service under control, and access to what it protects."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ..access import Access
from ..module import AccessSettings, build
from .provider import Provider


@pytest.fixture(autouse=True)
def no_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own settings out."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def provider() -> Provider:
    """The identity service."""
    return Provider()


@pytest.fixture
async def access(provider: Provider) -> AsyncIterator[Access]:
    """Access, started."""
    access = build(AccessSettings(identity_url="http://identity:8000/"), provider.client())
    await access.start()
    yield access
    await access.stop()

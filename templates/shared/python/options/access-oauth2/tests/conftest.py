"""Fixtures: a simulated issuer, and access that verifies its tokens."""

from pathlib import Path

import pytest

from ..access import Access
from ..module import AccessSettings, build
from .provider import ISSUER, Provider


@pytest.fixture(autouse=True)
def no_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Isolate the test from the developer's .env file."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def provider() -> Provider:
    """A simulated issuer."""
    return Provider()


@pytest.fixture
def settings() -> AccessSettings:
    """Settings for the simulated issuer."""
    return AccessSettings(oidc_issuer=ISSUER, public_url="https://shop.example/")


@pytest.fixture
def access(settings: AccessSettings, provider: Provider) -> Access:
    """Access, not yet started."""
    return build(settings, provider.client())

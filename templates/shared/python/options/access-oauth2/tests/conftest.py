"""An issuer under control, and access to what it protects."""

from pathlib import Path

import pytest

from ..access import Access
from ..module import AccessSettings, build
from .provider import ISSUER, Provider


@pytest.fixture(autouse=True)
def no_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own settings out."""
    monkeypatch.chdir(tmp_path)


@pytest.fixture
def provider() -> Provider:
    """The issuer."""
    return Provider()


@pytest.fixture
def settings() -> AccessSettings:
    """Settings for that issuer."""
    return AccessSettings(oidc_issuer=ISSUER, public_url="https://shop.example/")


@pytest.fixture
def access(settings: AccessSettings, provider: Provider) -> Access:
    """Access, not yet started."""
    return build(settings, provider.client())

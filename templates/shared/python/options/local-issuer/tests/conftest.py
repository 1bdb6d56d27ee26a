"""What the tests of the local issuer share."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def no_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the developer's own settings out."""
    monkeypatch.chdir(tmp_path)

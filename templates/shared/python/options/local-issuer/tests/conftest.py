"""Fixtures for the tests of the local issuer."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def no_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Isolate the test from the developer's .env file."""
    monkeypatch.chdir(tmp_path)

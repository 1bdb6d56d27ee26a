"""Fixtures of saga tests."""

import pytest

from .. import worker


@pytest.fixture(autouse=True)
def _quick_polls(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "POLL_SECONDS", 0.05)
    monkeypatch.setattr(worker, "GATHER_SECONDS", 0.0)
    monkeypatch.setattr(worker, "SLOT_WAIT_SECONDS", 0.05)
    monkeypatch.setattr(worker, "GRACE_SECONDS", 0.05)

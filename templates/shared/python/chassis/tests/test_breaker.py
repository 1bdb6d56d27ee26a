"""Tests of the circuit breaker."""

import time

import pytest

from ..cache.breaker import Breaker


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that the test sets: its only element."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def fail(breaker: Breaker) -> None:
    """Make a guarded call fail."""
    with breaker.guard():
        raise ConnectionError


def test_it_opens_after_a_failure_and_closes_after_the_pause(clock: list[float]) -> None:
    breaker = Breaker("it", pause=1)
    assert not breaker.is_open
    fail(breaker)
    assert breaker.is_open
    clock[0] += 1.1
    assert not breaker.is_open


def test_one_call_probes_for_all_after_the_pause(clock: list[float]) -> None:
    breaker = Breaker("it", pause=1)
    fail(breaker)
    clock[0] += 1.1
    with breaker.guard():
        assert breaker.is_open
    assert not breaker.is_open

"""Retries of failed calls."""

import random

import pytest

from .. import deadline, retries
from ..client import CallLimits
from ..errors import CallRejected, NotSent, OutcomeUnknown, Refused
from ..retries import EARNED_PER_CALL, RESERVE, RetryBudget, RetryPolicy
from .provider import Fault, Open, Provider

FAILED = OutcomeUnknown("catalog")


async def test_a_read_is_retried(provider: Provider, call: Open) -> None:
    provider.will(503, Fault.HANG_UP, 200)
    assert await call().get("/", dict) == {}
    assert len(provider.requests) == 3


async def test_an_idempotent_change_is_retried(provider: Provider, call: Open) -> None:
    provider.will(503, 200, 503, 200)
    service = call()
    assert await service.put("/", dict) == {}
    assert await service.post("/", dict, idempotent=True) == {}
    assert len(provider.requests) == 4


async def test_a_change_that_is_not_idempotent_is_not_retried(provider: Provider, call: Open) -> None:
    provider.will(503, 200)
    with pytest.raises(OutcomeUnknown):
        await call().post("/", dict, idempotent=False)
    assert len(provider.requests) == 1


async def test_attempts_are_limited(provider: Provider, call: Open) -> None:
    provider.will(503)
    with pytest.raises(OutcomeUnknown):
        await call().get("/", dict)
    assert len(provider.requests) == 3


async def test_each_attempt_has_its_own_timeout(provider: Provider, call: Open) -> None:
    provider.will(Fault.HANG, 200)
    assert await call(CallLimits(attempt_timeout=0.2, call_timeout=10)).get("/", dict) == {}


async def test_all_attempts_together_have_a_timeout(provider: Provider, call: Open) -> None:
    provider.will(Fault.HANG)
    with pytest.raises(OutcomeUnknown):
        await call(CallLimits(attempt_timeout=0.2, call_timeout=0.3, max_attempts=9)).get("/", dict)
    assert len(provider.requests) <= 2


async def test_a_refused_retry_leaves_the_outcome_of_a_change_unknown(provider: Provider, call: Open) -> None:
    provider.will(503, 401, 503, 404)
    service = call()
    with pytest.raises(OutcomeUnknown):
        await service.put("/", dict)
    with pytest.raises(Refused):
        await service.get("/", dict)


async def test_retries_are_bounded_by_the_budget(provider: Provider, call: Open) -> None:
    provider.will(*[503, 200, 200] * 60)
    service, calls, lost = call(), 60, 0
    for _ in range(calls):
        try:
            await service.get("/", dict)
        except OutcomeUnknown:
            lost += 1
    assert lost > 0
    assert RESERVE < len(provider.requests) - calls <= RESERVE + calls * EARNED_PER_CALL


def test_the_budget_allows_retries_for_a_tenth_of_all_calls() -> None:
    budget = RetryBudget()
    assert [budget.spend() for _ in range(int(RESERVE) + 1)] == [True] * int(RESERVE) + [False]
    spent = 0
    for _ in range(1000):
        budget.earn()
        spent += budget.spend()
    assert 99 <= spent <= 100


def test_the_budget_is_capped() -> None:
    budget = RetryBudget()
    for _ in range(1000):
        budget.earn()
    assert sum(budget.spend() for _ in range(1000)) == RESERVE


def test_pauses_have_full_jitter_and_double_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[float, float]] = []

    def draw(low: float, high: float) -> float:
        drawn.append((low, high))
        return high

    monkeypatch.setattr(random, "uniform", draw)
    policy = RetryPolicy(RetryBudget(), attempts=4)
    assert [policy(FAILED) for _ in range(4)] == [0.05, 0.1, 0.2, False]
    assert drawn == [(0, 0.05), (0, 0.1), (0, 0.2)]


def test_no_retry_starts_past_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "uniform", lambda low, high: high)
    budget = RetryBudget()
    with deadline.within(retries.INITIAL_PAUSE / 2):
        assert RetryPolicy(budget, attempts=3)(FAILED) is False
    assert sum(budget.spend() for _ in range(100)) == RESERVE


@pytest.mark.parametrize("error", [CallRejected("catalog"), Refused("catalog", 409, "x", ""), ValueError()])
def test_final_errors_are_not_retried(error: Exception) -> None:
    assert RetryPolicy(RetryBudget(), attempts=3)(error) is False


def test_a_call_that_was_not_sent_is_retried() -> None:
    assert RetryPolicy(RetryBudget(), attempts=3)(NotSent("catalog")) is not False

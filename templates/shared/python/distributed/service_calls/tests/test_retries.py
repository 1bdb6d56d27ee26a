"""When a failed call is tried again."""

import random

import pytest

from .. import deadline, retries
from ..client import CallLimits
from ..errors import CallRejected, NotSent, OutcomeUnknown, Refused
from ..retries import EARNED_PER_CALL, RESERVE, RetryBudget, RetryPolicy
from .provider import Fault, Open, Provider

FAILED = OutcomeUnknown("catalog")


async def test_a_read_is_tried_again(provider: Provider, call: Open) -> None:
    provider.will(503, Fault.HANG_UP, 200)
    assert await call().get("/", dict) == {}
    assert len(provider.requests) == 3


async def test_an_idempotent_change_is_tried_again(provider: Provider, call: Open) -> None:
    provider.will(503, 200, 503, 200)
    service = call()
    assert await service.put("/", dict) == {}
    assert await service.post("/", dict, idempotent=True) == {}
    assert len(provider.requests) == 4


async def test_any_other_change_is_not(provider: Provider, call: Open) -> None:
    provider.will(503, 200)
    with pytest.raises(OutcomeUnknown):
        await call().post("/", dict, idempotent=False)
    assert len(provider.requests) == 1


async def test_attempts_have_an_end(provider: Provider, call: Open) -> None:
    provider.will(503)
    with pytest.raises(OutcomeUnknown):
        await call().get("/", dict)
    assert len(provider.requests) == 3


async def test_each_attempt_has_its_own_time(provider: Provider, call: Open) -> None:
    provider.will(Fault.HANG, 200)
    assert await call(CallLimits(attempt_timeout=0.2, call_timeout=10)).get("/", dict) == {}


async def test_all_attempts_together_end_in_time(provider: Provider, call: Open) -> None:
    provider.will(Fault.HANG)
    with pytest.raises(OutcomeUnknown):
        await call(CallLimits(attempt_timeout=0.2, call_timeout=0.3, max_attempts=9)).get("/", dict)
    assert len(provider.requests) <= 2


async def test_a_refused_repetition_does_not_say_that_nothing_happened(
    provider: Provider, call: Open
) -> None:
    provider.will(503, 401, 503, 404)
    service = call()
    with pytest.raises(OutcomeUnknown):
        await service.put("/", dict)
    with pytest.raises(Refused):
        await service.get("/", dict)


async def test_retries_do_not_multiply_the_load(provider: Provider, call: Open) -> None:
    provider.will(*[503, 200, 200] * 60)
    service, calls, lost = call(), 60, 0
    for _ in range(calls):
        try:
            await service.get("/", dict)
        except OutcomeUnknown:
            lost += 1
    assert lost > 0
    assert RESERVE < len(provider.requests) - calls <= RESERVE + calls * EARNED_PER_CALL


def test_the_budget_lets_a_tenth_of_all_calls_be_retries() -> None:
    budget = RetryBudget()
    assert [budget.spend() for _ in range(int(RESERVE) + 1)] == [True] * int(RESERVE) + [False]
    spent = 0
    for _ in range(1000):
        budget.earn()
        spent += budget.spend()
    assert 99 <= spent <= 100


def test_what_was_saved_is_bounded() -> None:
    budget = RetryBudget()
    for _ in range(1000):
        budget.earn()
    assert sum(budget.spend() for _ in range(1000)) == RESERVE


def test_pauses_are_random_from_nothing_to_twice_as_much_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[float, float]] = []

    def draw(low: float, high: float) -> float:
        drawn.append((low, high))
        return high

    monkeypatch.setattr(random, "uniform", draw)
    policy = RetryPolicy(RetryBudget(), attempts=4)
    assert [policy(FAILED) for _ in range(4)] == [0.05, 0.1, 0.2, False]
    assert drawn == [(0, 0.05), (0, 0.1), (0, 0.2)]


def test_no_pause_reaches_past_the_deadline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "uniform", lambda low, high: high)
    budget = RetryBudget()
    with deadline.within(retries.INITIAL_PAUSE / 2):
        assert RetryPolicy(budget, attempts=3)(FAILED) is False
    assert sum(budget.spend() for _ in range(100)) == RESERVE


@pytest.mark.parametrize("error", [CallRejected("catalog"), Refused("catalog", 409, "x", ""), ValueError()])
def test_what_will_not_change_is_not_tried_again(error: Exception) -> None:
    assert RetryPolicy(RetryBudget(), attempts=3)(error) is False


def test_a_call_that_never_left_is_tried_again() -> None:
    assert RetryPolicy(RetryBudget(), attempts=3)(NotSent("catalog")) is not False

"""The circuit: opens for an ill peer, and closes when it has recovered."""

import asyncio
import time

import pytest

from .. import circuit as circuit_module
from ..circuit import MIN_CALLS, OPEN_SECONDS, WINDOW, Circuit
from ..client import CallLimits
from ..errors import CallRejected, OutcomeUnknown, Refused
from ..gauges import circuit_gauge
from .provider import Fault, Open, Provider

ONCE = CallLimits(max_attempts=1, attempt_timeout=0.6)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that the test sets: its only element."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def fail(circuit: Circuit) -> None:
    """Let a call fail."""
    with pytest.raises(OutcomeUnknown), circuit.guard():
        raise OutcomeUnknown("catalog")


def succeed(circuit: Circuit) -> None:
    """Let a call succeed."""
    with circuit.guard():
        pass


def is_open(circuit: Circuit) -> bool:
    """Whether a call is held back; if not, it succeeds."""
    try:
        succeed(circuit)
    except CallRejected:
        return True
    return False


def opened() -> Circuit:
    """A circuit that has just opened."""
    circuit = Circuit("catalog")
    for _ in range(MIN_CALLS):
        fail(circuit)
    return circuit


def test_a_few_failures_do_not_open_it() -> None:
    circuit = Circuit("catalog")
    for _ in range(MIN_CALLS - 1):
        fail(circuit)
    assert not is_open(circuit)


def test_it_opens_when_half_of_the_last_calls_failed() -> None:
    circuit = Circuit("catalog")
    for _ in range(WINDOW):
        succeed(circuit)
    for _ in range(WINDOW // 2 - 1):
        fail(circuit)
        assert not is_open(circuit)
    assert not is_open(circuit)
    for _ in range(WINDOW):
        if is_open(circuit):
            return
        fail(circuit)
        fail(circuit)
    pytest.fail("it never opened")


def test_refusals_do_not_open_it() -> None:
    circuit = Circuit("catalog")
    for _ in range(WINDOW):
        with pytest.raises(Refused), circuit.guard():
            raise Refused("catalog", 409, "x", "")
    assert not is_open(circuit)


def test_after_the_pause_one_call_tries_for_all_and_closes_it(clock: list[float]) -> None:
    circuit = opened()
    clock[0] += OPEN_SECONDS - 0.1
    assert is_open(circuit)
    clock[0] += 0.2
    with circuit.guard():
        assert is_open(circuit)
    assert not is_open(circuit)
    fail(circuit)
    assert not is_open(circuit), "what was before does not count any more"


def test_a_failed_trial_opens_it_for_another_pause(clock: list[float]) -> None:
    circuit = opened()
    clock[0] += OPEN_SECONDS + 0.1
    fail(circuit)
    assert is_open(circuit)
    clock[0] += OPEN_SECONDS + 0.1
    assert not is_open(circuit)


def test_a_cancelled_trial_leaves_the_trial_to_the_next(clock: list[float]) -> None:
    circuit = opened()
    clock[0] += OPEN_SECONDS + 0.1
    with pytest.raises(asyncio.CancelledError), circuit.guard():
        raise asyncio.CancelledError
    assert not is_open(circuit)


def test_an_answer_to_an_older_call_does_not_close_it(clock: list[float]) -> None:
    circuit = Circuit("catalog")
    with circuit.guard():
        for _ in range(MIN_CALLS):
            fail(circuit)
    assert is_open(circuit)


def test_a_failure_of_an_older_call_does_not_prolong_the_pause(clock: list[float]) -> None:
    circuit = Circuit("catalog")
    older, failure = circuit.guard(), OutcomeUnknown("catalog")
    older.__enter__()
    for _ in range(MIN_CALLS):
        fail(circuit)
    clock[0] += OPEN_SECONDS - 0.1
    older.__exit__(OutcomeUnknown, failure, None)
    clock[0] += 0.2
    assert not is_open(circuit)


async def test_an_ill_peer_is_left_alone(provider: Provider, call: Open) -> None:
    provider.will(*[500] * MIN_CALLS, 200)
    service = call(ONCE)
    for _ in range(MIN_CALLS):
        with pytest.raises(OutcomeUnknown):
            await service.get("/", dict)
    with pytest.raises(CallRejected):
        await service.get("/", dict)
    assert len(provider.requests) == MIN_CALLS


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.HANG_UP])
async def test_silence_and_lost_connections_count(provider: Provider, call: Open, fault: Fault) -> None:
    provider.will(fault)
    service = call(ONCE)
    for _ in range(MIN_CALLS):
        with pytest.raises(OutcomeUnknown):
            await service.get("/", dict)
    with pytest.raises(CallRejected):
        await service.get("/", dict)


async def test_refusals_of_a_peer_leave_it_closed(provider: Provider, call: Open) -> None:
    provider.will(409)
    service = call(ONCE)
    for _ in range(WINDOW):
        with pytest.raises(Refused):
            await service.get("/", dict)
    assert len(provider.requests) == WINDOW


async def test_it_recovers_with_the_peer(
    provider: Provider, call: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(circuit_module, "OPEN_SECONDS", 0.05)
    provider.will(*[500] * MIN_CALLS, 200)
    service = call(ONCE)
    assert await circuit_gauge(service).read() == {service.name: 0}
    for _ in range(MIN_CALLS):
        with pytest.raises(OutcomeUnknown):
            await service.get("/", dict)
    assert await circuit_gauge(service).read() == {service.name: 1}
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            assert await service.get("/", dict) == {}
        except CallRejected:
            await asyncio.sleep(0.02)
        else:
            assert not service.is_circuit_open
            return
    pytest.fail("it stayed open")

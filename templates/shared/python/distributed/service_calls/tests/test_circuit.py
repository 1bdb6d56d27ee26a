"""The circuit breaker: opens for a failing provider, and closes when it has recovered."""

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
    """A clock that the test sets through its only element."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def fail(circuit: Circuit) -> None:
    """Run a call that fails."""
    with pytest.raises(OutcomeUnknown), circuit.guard():
        raise OutcomeUnknown("catalog")


def succeed(circuit: Circuit) -> None:
    """Run a call that succeeds."""
    with circuit.guard():
        pass


def is_open(circuit: Circuit) -> bool:
    """Return whether a call is rejected; if not, it succeeds."""
    try:
        succeed(circuit)
    except CallRejected:
        return True
    return False


def opened() -> Circuit:
    """Return a circuit that has just opened."""
    circuit = Circuit("catalog")
    for _ in range(MIN_CALLS):
        fail(circuit)
    return circuit


def test_a_few_failures_do_not_open_the_circuit() -> None:
    circuit = Circuit("catalog")
    for _ in range(MIN_CALLS - 1):
        fail(circuit)
    assert not is_open(circuit)


def test_the_circuit_opens_when_half_of_the_recent_calls_failed() -> None:
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


def test_refusals_do_not_open_the_circuit() -> None:
    circuit = Circuit("catalog")
    for _ in range(WINDOW):
        with pytest.raises(Refused), circuit.guard():
            raise Refused("catalog", 409, "x", "")
    assert not is_open(circuit)


def test_one_probe_after_the_pause_closes_the_circuit(clock: list[float]) -> None:
    circuit = opened()
    clock[0] += OPEN_SECONDS - 0.1
    assert is_open(circuit)
    clock[0] += 0.2
    with circuit.guard():
        assert is_open(circuit)
    assert not is_open(circuit)
    fail(circuit)
    assert not is_open(circuit), "failures before the probe no longer count"


def test_a_failed_probe_opens_the_circuit_for_another_pause(clock: list[float]) -> None:
    circuit = opened()
    clock[0] += OPEN_SECONDS + 0.1
    fail(circuit)
    assert is_open(circuit)
    clock[0] += OPEN_SECONDS + 0.1
    assert not is_open(circuit)


def test_the_next_call_probes_after_a_cancelled_probe(clock: list[float]) -> None:
    circuit = opened()
    clock[0] += OPEN_SECONDS + 0.1
    with pytest.raises(asyncio.CancelledError), circuit.guard():
        raise asyncio.CancelledError
    assert not is_open(circuit)


def test_a_response_to_an_earlier_call_does_not_close_the_circuit(clock: list[float]) -> None:
    circuit = Circuit("catalog")
    with circuit.guard():
        for _ in range(MIN_CALLS):
            fail(circuit)
    assert is_open(circuit)


def test_a_failure_of_an_earlier_call_does_not_prolong_the_pause(clock: list[float]) -> None:
    circuit = Circuit("catalog")
    older, failure = circuit.guard(), OutcomeUnknown("catalog")
    older.__enter__()
    for _ in range(MIN_CALLS):
        fail(circuit)
    clock[0] += OPEN_SECONDS - 0.1
    older.__exit__(OutcomeUnknown, failure, None)
    clock[0] += 0.2
    assert not is_open(circuit)


async def test_calls_to_a_failing_provider_are_rejected(provider: Provider, call: Open) -> None:
    provider.will(*[500] * MIN_CALLS, 200)
    service = call(ONCE)
    for _ in range(MIN_CALLS):
        with pytest.raises(OutcomeUnknown):
            await service.get("/", dict)
    with pytest.raises(CallRejected):
        await service.get("/", dict)
    assert len(provider.requests) == MIN_CALLS


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.HANG_UP])
async def test_timeouts_and_lost_connections_count_as_failures(
    provider: Provider, call: Open, fault: Fault
) -> None:
    provider.will(fault)
    service = call(ONCE)
    for _ in range(MIN_CALLS):
        with pytest.raises(OutcomeUnknown):
            await service.get("/", dict)
    with pytest.raises(CallRejected):
        await service.get("/", dict)


async def test_refusals_by_a_provider_leave_the_circuit_closed(provider: Provider, call: Open) -> None:
    provider.will(409)
    service = call(ONCE)
    for _ in range(WINDOW):
        with pytest.raises(Refused):
            await service.get("/", dict)
    assert len(provider.requests) == WINDOW


async def test_the_circuit_closes_when_the_provider_recovers(
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

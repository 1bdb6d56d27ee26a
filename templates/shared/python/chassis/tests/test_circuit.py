"""The circuit breaker: opens for a failing dependency, and closes when it has recovered."""

import asyncio
import time

import pytest

from ..circuit import MIN_CALLS, OPEN_SECONDS, WINDOW, Circuit, CircuitOpen


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """A clock that the test sets through its only element."""
    now = [1000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    return now


def fail(circuit: Circuit) -> None:
    """Run a call that fails."""
    with pytest.raises(ConnectionError), circuit.guard():
        raise ConnectionError()


def succeed(circuit: Circuit) -> None:
    """Run a call that succeeds."""
    with circuit.guard():
        pass


def is_open(circuit: Circuit) -> bool:
    """Return whether a call is rejected; if not, it succeeds."""
    try:
        succeed(circuit)
    except CircuitOpen:
        return True
    return False


def opened() -> Circuit:
    """Return a circuit that has just opened."""
    circuit = Circuit("catalog", ConnectionError)
    for _ in range(MIN_CALLS):
        fail(circuit)
    return circuit


def test_a_few_failures_do_not_open_the_circuit() -> None:
    circuit = Circuit("catalog", ConnectionError)
    for _ in range(MIN_CALLS - 1):
        fail(circuit)
    assert not is_open(circuit)


def test_the_circuit_opens_when_half_of_the_recent_calls_failed() -> None:
    circuit = Circuit("catalog", ConnectionError)
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


def test_other_errors_do_not_open_the_circuit() -> None:
    circuit = Circuit("catalog", ConnectionError)
    for _ in range(WINDOW):
        with pytest.raises(LookupError), circuit.guard():
            raise LookupError
    assert not is_open(circuit)


def test_the_first_failure_opens_a_circuit_with_a_window_of_one(clock: list[float]) -> None:
    circuit = Circuit("the cache", window=1)
    for _ in range(WINDOW):
        succeed(circuit)
    fail(circuit)
    assert is_open(circuit)
    clock[0] += OPEN_SECONDS + 0.1
    assert not is_open(circuit)
    fail(circuit)
    assert is_open(circuit)


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
    circuit = Circuit("catalog", ConnectionError)
    with circuit.guard():
        for _ in range(MIN_CALLS):
            fail(circuit)
    assert is_open(circuit)


def test_a_failure_of_an_earlier_call_does_not_prolong_the_pause(clock: list[float]) -> None:
    circuit = Circuit("catalog", ConnectionError)
    older, failure = circuit.guard(), ConnectionError()
    older.__enter__()
    for _ in range(MIN_CALLS):
        fail(circuit)
    clock[0] += OPEN_SECONDS - 0.1
    older.__exit__(ConnectionError, failure, None)
    clock[0] += 0.2
    assert not is_open(circuit)

"""The circuit of a service client: opens for a failing provider, and closes when it has recovered."""

import asyncio
import time

import pytest

from .... import circuit
from ..client import CallLimits
from ..errors import CallRejected, OutcomeUnknown, Refused
from ..gauges import circuit_gauge
from .provider import Fault, Open, Provider

ONCE = CallLimits(max_attempts=1, attempt_timeout=0.6)


async def test_calls_to_a_failing_provider_are_rejected(provider: Provider, call: Open) -> None:
    provider.will(*[500] * circuit.MIN_CALLS, 200)
    service = call(ONCE)
    for _ in range(circuit.MIN_CALLS):
        with pytest.raises(OutcomeUnknown):
            await service.get("/", dict)
    with pytest.raises(CallRejected):
        await service.get("/", dict)
    assert len(provider.requests) == circuit.MIN_CALLS


@pytest.mark.parametrize("fault", [Fault.HANG, Fault.HANG_UP])
async def test_timeouts_and_lost_connections_count_as_failures(
    provider: Provider, call: Open, fault: Fault
) -> None:
    provider.will(fault)
    service = call(ONCE)
    for _ in range(circuit.MIN_CALLS):
        with pytest.raises(OutcomeUnknown):
            await service.get("/", dict)
    with pytest.raises(CallRejected):
        await service.get("/", dict)


async def test_refusals_by_a_provider_leave_the_circuit_closed(provider: Provider, call: Open) -> None:
    provider.will(409)
    service = call(ONCE)
    for _ in range(circuit.WINDOW):
        with pytest.raises(Refused):
            await service.get("/", dict)
    assert len(provider.requests) == circuit.WINDOW


async def test_the_circuit_closes_when_the_provider_recovers(
    provider: Provider, call: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(circuit, "OPEN_SECONDS", 0.05)
    provider.will(*[500] * circuit.MIN_CALLS, 200)
    service = call(ONCE)
    assert await circuit_gauge(service).read() == {service.name: 0}
    for _ in range(circuit.MIN_CALLS):
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

"""The bulkhead: calls to a slow provider are limited."""

import asyncio
import time

import pytest

from ..bulkhead import Bulkhead
from ..client import CallLimits
from ..errors import CallRejected
from .provider import Open, Provider


async def hold(bulkhead: Bulkhead, until: asyncio.Event, seconds: float = 5) -> None:
    """Hold a slot until the event is set."""
    async with bulkhead.slot(seconds):
        await until.wait()


async def test_concurrent_calls_are_limited(provider: Provider, call: Open) -> None:
    provider.delay = 0.02
    service = call(CallLimits(max_concurrent=3, max_queued=20, acquire_timeout=5))
    await asyncio.gather(*(service.get("/", dict) for _ in range(12)))
    assert (provider.max_in_flight, len(provider.requests)) == (3, 12)
    assert provider.connections <= 3


async def test_a_call_is_rejected_immediately_if_the_queue_is_full(provider: Provider, call: Open) -> None:
    provider.delay = 0.1
    service = call(CallLimits(max_concurrent=1, max_queued=2, acquire_timeout=5))
    outcomes = await asyncio.gather(*(service.get("/", dict) for _ in range(6)), return_exceptions=True)
    assert sum(isinstance(outcome, CallRejected) for outcome in outcomes) == 3
    assert len(provider.requests) == 3


async def test_rejected_calls_do_not_open_the_circuit(provider: Provider, call: Open) -> None:
    provider.delay = 0.05
    service = call(CallLimits(max_concurrent=1, max_queued=0))
    outcomes = await asyncio.gather(*(service.get("/", dict) for _ in range(20)), return_exceptions=True)
    assert sum(isinstance(outcome, CallRejected) for outcome in outcomes) == 19
    assert await service.get("/", dict) == {}


@pytest.mark.parametrize(("acquire_timeout", "seconds"), [(0.05, 60), (60, 0.05)])
async def test_a_call_waits_no_longer_than_its_timeout_or_its_deadline(
    acquire_timeout: float, seconds: float
) -> None:
    bulkhead, leave = Bulkhead("catalog", 1, 5, acquire_timeout), asyncio.Event()
    holder = asyncio.create_task(hold(bulkhead, leave))
    await asyncio.sleep(0)
    start = time.monotonic()
    with pytest.raises(CallRejected):
        async with bulkhead.slot(seconds):
            pytest.fail("there was no free slot")
    assert time.monotonic() - start < 5
    leave.set()
    await holder


async def test_failed_and_cancelled_calls_release_their_slots() -> None:
    bulkhead, never = Bulkhead("catalog", 1, 5, 1), asyncio.Event()
    with pytest.raises(ValueError, match="odd"):
        async with bulkhead.slot(1):
            raise ValueError("odd")
    holder = asyncio.create_task(hold(bulkhead, never))
    waiter = asyncio.create_task(hold(bulkhead, never))
    await asyncio.sleep(0.01)
    waiter.cancel()
    holder.cancel()
    await asyncio.gather(holder, waiter, return_exceptions=True)
    async with bulkhead.slot(1):
        assert bulkhead._waiting == 0

"""Concurrent calls to a slow provider are limited."""

import asyncio

import pytest

from .. import deadline
from ..client import CallLimits
from ..errors import CallRejected
from .provider import Open, Provider


async def test_concurrent_calls_are_limited(provider: Provider, call: Open) -> None:
    """All calls are made, but only so many at a time."""
    provider.delay = 0.02
    service = call(CallLimits(max_concurrent=3, acquire_timeout=5))
    await asyncio.gather(*(service.get("/", dict) for _ in range(12)))
    assert (provider.max_in_flight, len(provider.requests)) == (3, 12)
    assert provider.connections <= 3


async def test_rejected_calls_do_not_open_the_circuit(provider: Provider, call: Open) -> None:
    """A call that waits for too long is not sent, and says nothing about the provider."""
    provider.delay = 0.1
    service = call(CallLimits(max_concurrent=1, acquire_timeout=0))
    outcomes = await asyncio.gather(*(service.get("/", dict) for _ in range(20)), return_exceptions=True)
    assert sum(isinstance(outcome, CallRejected) for outcome in outcomes) == 19
    assert await service.get("/", dict) == {}


async def test_a_call_waits_no_longer_than_its_deadline(provider: Provider, call: Open) -> None:
    """The wait ends when the caller's time is up, whatever the limits of the call."""
    provider.delay = 0.5
    service = call(CallLimits(max_concurrent=1, acquire_timeout=60))
    holder = asyncio.create_task(service.get("/", dict))
    await asyncio.sleep(0.05)
    with deadline.within(0.05), pytest.raises(CallRejected):
        await service.get("/", dict)
    assert not holder.done()
    await holder


async def test_failed_and_cancelled_calls_make_room(provider: Provider, call: Open) -> None:
    """Whatever a call's end, the next one may be sent."""
    service = call(CallLimits(max_concurrent=1, acquire_timeout=5))
    provider.delay = 0.1
    holder = asyncio.create_task(service.get("/", dict))
    waiter = asyncio.create_task(service.get("/", dict))
    await asyncio.sleep(0.02)
    waiter.cancel()
    holder.cancel()
    await asyncio.gather(holder, waiter, return_exceptions=True)
    assert await service.get("/", dict) == {}

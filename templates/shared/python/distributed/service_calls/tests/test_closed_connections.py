"""Connections that the provider closes: what arrives there, and what the caller learns."""

import asyncio

import pytest

from ..client import CallLimits
from ..errors import OutcomeUnknown
from .provider import Fault, Open, Provider, calling, providing

NOTHING = type(None)


@pytest.mark.parametrize("attempts", [1, 3])
async def test_a_request_arrives_once_per_attempt(provider: Provider, call: Open, attempts: int) -> None:
    """Only the retry policy repeats a request: the HTTP library does not, on a reused connection either."""
    service = call(CallLimits(max_attempts=attempts))
    await service.get("/", dict)
    provider.will(Fault.HANG_UP)
    with pytest.raises(OutcomeUnknown):
        await service.put("/", NOTHING)
    assert [request.line.split()[0] for request in provider.requests] == ["GET", *["PUT"] * attempts]


async def test_a_change_that_may_have_arrived_has_an_unknown_outcome() -> None:
    """The provider ends after the request; that it then refuses connections does not undo the change."""
    async with providing() as provider, calling(provider.url) as opening:
        service = opening()
        await service.get("/", dict)
        provider.will(Fault.STOP)
        with pytest.raises(OutcomeUnknown):
            await service.put("/", NOTHING)
    assert [request.line.split()[0] for request in provider.requests] == ["GET", "PUT"]


async def test_a_connection_closed_while_idle_is_not_used(provider: Provider, call: Open) -> None:
    """The call that follows is sent on another connection, once."""
    service = call(CallLimits(max_attempts=1))
    provider.will(Fault.RESPOND_LAST, 200)
    await service.put("/", dict)
    await asyncio.sleep(0.05)
    await service.put("/", dict)
    assert (len(provider.requests), provider.connections) == (2, 2)

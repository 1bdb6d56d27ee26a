"""What a caller gets for each way in which a call can go."""

import asyncio
import socket

import msgspec
import pytest

from ...chassis.context import request_id
from .. import deadline
from ..errors import HeldBack, NotSent, OutcomeUnknown, Refused, Unavailable
from .provider import HANG, HANG_UP, Open, Provider, calling

NOTHING = type(None)


class Thing(msgspec.Struct):
    """What the provider knows."""

    name: str


async def test_an_answer_is_what_was_asked_for(provider: Provider, call: Open) -> None:
    provider.will(b'{"name": "a"}')
    assert await call().get("/internal/things/1", Thing, {"q": "x y", "n": 1}) == Thing("a")
    assert provider.requests[0].line == "GET /internal/things/1?q=x+y&n=1 HTTP/1.1"


async def test_a_body_is_json(provider: Provider, call: Open) -> None:
    provider.will(204)
    await call().put("/internal/things/1", NOTHING, {"name": "a"})
    (request,) = provider.requests
    assert (request.headers["content-type"], request.body) == ("application/json", b'{"name":"a"}')


async def test_the_callers_request_id_goes_on(provider: Provider, call: Open) -> None:
    token = request_id.set("the-request")
    await call().get("/", dict)
    request_id.reset(token)
    await call().get("/", dict)
    first, second = provider.requests
    assert first.headers["x-request-id"] == "the-request"
    assert "x-request-id" not in second.headers


async def test_connections_are_used_again(provider: Provider, call: Open) -> None:
    peer = call()
    for _ in range(5):
        await peer.get("/", dict)
    assert (len(provider.requests), provider.connections) == (5, 1)


async def test_a_refusal_tells_its_code_and_is_final(provider: Provider, call: Open) -> None:
    provider.will(409)
    with pytest.raises(Refused) as refusal:
        await call().get("/", dict)
    assert (refusal.value.status, refusal.value.code) == (409, "unknown")
    assert len(provider.requests) == 1


async def test_nobody_there_means_that_nothing_was_sent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        async with calling("http://127.0.0.1:{}".format(free.getsockname()[1])) as opening:
            with pytest.raises(NotSent):
                await opening().post("/", NOTHING, idempotent=False)

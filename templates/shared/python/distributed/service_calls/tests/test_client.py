"""The service client: responses, errors and the headers of calls."""

import asyncio
import random
import socket
import time

import msgspec
import pytest

from ...context import request_id
from .. import client
from ..client import CallLimits
from ..errors import NotSent, OutcomeUnknown, Refused, Unavailable
from .provider import Behaviour, Fault, Open, Provider, calling

ONCE = CallLimits(max_attempts=1, attempt_timeout=0.6)
PATIENT_LIMITS = CallLimits(max_attempts=1, attempt_timeout=10, connect_timeout=10, call_timeout=10)
NOTHING = type(None)


class Thing(msgspec.Struct):
    """A resource of the provider."""

    name: str


async def test_a_response_is_decoded(provider: Provider, call: Open) -> None:
    provider.will((200, b'{"name": "a"}'))
    assert await call().get("/internal/things/1", Thing, {"q": "x y", "n": 1}) == Thing("a")
    assert provider.requests[0].line == "GET /internal/things/1?q=x+y&n=1 HTTP/1.1"


async def test_a_body_is_sent_as_json_and_the_response_may_be_empty(provider: Provider, call: Open) -> None:
    provider.will((204, b""))
    await call().put("/internal/things/1", NOTHING, {"name": "a"})
    (request,) = provider.requests
    assert (request.headers["content-type"], request.body) == ("application/json", b'{"name":"a"}')


async def test_the_request_id_is_propagated(provider: Provider, call: Open) -> None:
    token = request_id.set("the-request")
    await call(PATIENT_LIMITS).get("/", dict)
    request_id.reset(token)
    await call(PATIENT_LIMITS).get("/", dict)
    first, second = provider.requests
    assert first.headers["x-request-id"] == "the-request"
    assert "x-request-id" not in second.headers


async def test_the_trace_context_is_propagated(
    provider: Provider, call: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "traceparent", lambda: "00-trace-span-01")
    await call().get("/", dict)
    assert provider.requests[0].headers["traceparent"] == "00-trace-span-01"


async def test_connections_are_reused(provider: Provider, call: Open) -> None:
    service = call(PATIENT_LIMITS)
    for _ in range(5):
        await service.get("/", dict)
    assert (len(provider.requests), provider.connections) == (5, 1)


async def test_connections_are_closed_occasionally_to_reach_new_replicas(
    provider: Provider, call: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = call()
    monkeypatch.setattr(random, "random", lambda: 0.0011)
    for _ in range(3):
        await service.get("/", dict)
    monkeypatch.setattr(random, "random", lambda: 0.0009)
    for _ in range(3):
        await service.get("/", dict)
    assert provider.connections == 3


async def test_proxies_in_the_environment_are_ignored(
    provider: Provider, call: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "")
    assert await call().get("/", dict) == {}


async def test_a_refusal_has_its_code_and_is_not_retried(provider: Provider, call: Open) -> None:
    problem = b'{"type": "urn:problem:sku-taken", "title": "Conflict", "status": 409, "detail": "Taken."}'
    provider.will((409, problem))
    with pytest.raises(Refused) as refusal:
        await call().get("/", dict)
    assert (refusal.value.status, refusal.value.code, refusal.value.detail) == (409, "sku-taken", "Taken.")
    assert len(provider.requests) == 1


async def test_a_refusal_without_a_problem_document_has_an_unknown_code(
    provider: Provider, call: Open
) -> None:
    provider.will((404, b"<html>"))
    with pytest.raises(Refused) as refusal:
        await call().get("/", dict)
    assert (refusal.value.status, refusal.value.code) == (404, "unknown")


async def test_a_refused_connection_means_that_nothing_was_sent() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        async with calling(f"http://127.0.0.1:{free.getsockname()[1]}") as opening:
            with pytest.raises(NotSent):
                await opening().post("/", NOTHING, idempotent=False)


@pytest.mark.parametrize("behaviour", [Fault.HANG, Fault.HANG_UP, 500, 503, 302, (200, b"{"), (200, b"[]")])
async def test_a_call_without_a_proper_response_has_an_unknown_outcome(
    provider: Provider, call: Open, behaviour: Behaviour
) -> None:
    provider.will(behaviour)
    with pytest.raises(OutcomeUnknown):
        await call(ONCE).post("/", dict, idempotent=False)
    assert len(provider.requests) == 1


async def test_an_attempt_times_out(provider: Provider, call: Open) -> None:
    provider.will(Fault.HANG)
    start = time.monotonic()
    with pytest.raises(OutcomeUnknown):
        await call(ONCE).get("/", dict)
    assert time.monotonic() - start < 5


async def test_an_unhandled_failure_becomes_the_problem_unavailable(provider: Provider, call: Open) -> None:
    provider.will(500)
    with pytest.raises(Unavailable) as refusal:
        await call(ONCE).get("/", dict)
    assert (refusal.value.status, refusal.value.code) == (503, "unavailable")
    assert refusal.value.headers["Retry-After"] == "1"


async def test_a_cancelled_call_is_not_retried(provider: Provider, call: Open) -> None:
    provider.will(Fault.HANG)
    task = asyncio.create_task(call().get("/", dict))
    while not provider.requests:
        await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(provider.requests) == 1

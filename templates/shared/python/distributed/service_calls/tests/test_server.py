"""Internal routes: authentication and deadlines."""

from collections.abc import AsyncIterator, Callable

import httpx2
import pytest
from fastapi import FastAPI

from ....testing import serving
from ... import problems
from .. import deadline
from ..client import CallLimits, ServiceClient
from ..errors import CallRejected, Refused
from ..keys import new_seed, public_part
from ..server import internal_router
from ..tokens import CallerVerifier, ServiceTokens
from .provider import Fault, Open, Provider

ORDERS, STRANGER = new_seed(), new_seed()
Connect = Callable[[str, str], ServiceClient]


@pytest.fixture
def app() -> FastAPI:
    """The catalog service, which only orders may call."""
    app = FastAPI()
    problems.install(app)
    routes = internal_router(CallerVerifier("catalog", f"orders={public_part(ORDERS)}"))

    @routes.get("/time-left")
    async def time_left() -> float | None:
        left = deadline.remaining()
        return None if left == float("inf") else left

    app.include_router(routes)
    return app


@pytest.fixture
async def connect(app: FastAPI) -> AsyncIterator[Connect]:
    """Creates clients of the catalog service by the caller's name and seed."""
    opened: list[ServiceClient] = []
    async with serving(app) as url:

        def open(service: str, seed: str) -> ServiceClient:
            tokens = ServiceTokens(service, seed)
            opened.append(ServiceClient("catalog", url, tokens, CallLimits(attempt_timeout=1)))
            return opened[-1]

        yield open
        for service in opened:
            await service.close()


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """An HTTP client with a token of orders."""
    headers = {"Authorization": f"Bearer {ServiceTokens('orders', ORDERS).token('catalog')}"}
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="http://catalog", headers=headers
    ) as client:
        yield client


async def test_a_listed_caller_is_admitted_and_its_deadline_applied(connect: Connect) -> None:
    orders = connect("orders", ORDERS)
    left = await orders.get("/internal/time-left", float)
    assert 0.5 < left <= 1
    with deadline.within(0.4):
        assert await orders.get("/internal/time-left", float) <= 0.4


async def test_any_other_caller_is_refused(connect: Connect) -> None:
    with pytest.raises(Refused) as refusal:
        await connect("stranger", STRANGER).get("/internal/time-left", float)
    assert (refusal.value.status, refusal.value.code) == (401, "unauthenticated")


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer x.y.z"])
async def test_a_request_without_a_valid_token_is_refused(
    client: httpx2.AsyncClient, authorization: str
) -> None:
    response = await client.get("/internal/time-left", headers={"Authorization": authorization})
    assert (response.status_code, response.json()["type"]) == (401, "urn:problem:unauthenticated")


async def test_only_bearer_tokens_are_accepted(client: httpx2.AsyncClient) -> None:
    basic = client.headers["Authorization"].replace("Bearer", "Basic")
    response = await client.get("/internal/time-left", headers={"Authorization": basic})
    assert response.status_code == 401


async def test_a_request_without_a_deadline_has_no_limit(client: httpx2.AsyncClient) -> None:
    assert (await client.get("/internal/time-left")).json() is None


async def test_the_deadline_ends_with_the_request(client: httpx2.AsyncClient) -> None:
    response = await client.get("/internal/time-left", headers={deadline.HEADER: "1500"})
    assert 1 < response.json() <= 1.5
    assert deadline.remaining() == float("inf")


async def test_a_request_past_its_deadline_is_refused(client: httpx2.AsyncClient) -> None:
    response = await client.get("/internal/time-left", headers={deadline.HEADER: "0"})
    assert (response.status_code, response.json()["type"]) == (503, "urn:problem:unavailable")


@pytest.mark.parametrize("value", ["", "soon", "-1", "1.5", "9" * 10])
async def test_a_malformed_deadline_is_refused(client: httpx2.AsyncClient, value: str) -> None:
    response = await client.get("/internal/time-left", headers={deadline.HEADER: value})
    assert (response.status_code, response.json()["type"]) == (400, "urn:problem:bad-request")


async def test_a_call_on_behalf_of_a_caller_ends_by_its_deadline(provider: Provider, call: Open) -> None:
    provider.will(Fault.HANG)
    service = call(CallLimits(attempt_timeout=60, call_timeout=60))
    with deadline.within(0.2), pytest.raises(Exception, match="is not responding"):
        await service.get("/", dict)
    assert int(provider.requests[0].headers[deadline.HEADER.lower()]) <= 200


async def test_no_call_is_sent_past_the_deadline(provider: Provider, call: Open) -> None:
    with deadline.within(0), pytest.raises(CallRejected):
        await call().get("/", dict)
    assert provider.requests == []


def test_an_earlier_deadline_stays_in_force() -> None:
    with deadline.within(1), deadline.within(5):
        assert deadline.remaining() <= 1
    with deadline.within(5), deadline.within(1):
        assert deadline.remaining() <= 1

"""Tests of the request middleware, error responses and health probes."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Annotated, Any

import pytest
from fastapi import Body, FastAPI, Request
from fastapi.testclient import TestClient
from httpx2 import ASGITransport, AsyncClient
from sqlalchemy.exc import DBAPIError, OperationalError
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from .. import timeouts
from ..http import health, problems
from ..http.middleware import BODY_LIMIT, RequestMiddleware


def application(checks: health.Health) -> FastAPI:
    """Return an application with some routes that misbehave."""
    app = FastAPI()
    problems.install(app)
    app.include_router(health.router(checks))

    @app.post("/length")
    async def length(text: Annotated[str, Body()]) -> int:
        return len(text)

    @app.post("/sizes")
    async def sizes(numbers: Annotated[dict[str, int], Body()]) -> int:
        return len(numbers)

    @app.get("/id")
    async def request_id(request: Request) -> str:
        return str(request.state.request_id)

    @app.get("/broken")
    async def broken() -> None:
        raise ValueError("a secret")

    @app.get("/database-down")
    async def database_down() -> None:
        raise OperationalError("SELECT", {}, ConnectionError())

    @app.get("/table-moved")
    async def table_moved() -> None:
        raise DBAPIError("SELECT", {}, Exception())

    @app.get("/overloaded")
    async def overloaded() -> None:
        raise problems.Problem(503, "unavailable", "Too much to do.")

    @app.get("/slow")
    async def slow() -> None:
        await hanging()

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        return StreamingResponse(ticks())

    return app


async def fine() -> None:
    """A check that succeeds."""


async def failing() -> None:
    """A check that fails."""
    raise ConnectionError


async def hanging() -> None:
    """A check that never ends."""
    await asyncio.sleep(3600)


async def ticks() -> AsyncIterator[bytes]:
    """Three parts of a response, each after a pause."""
    for part in (b"1", b"2", b"3"):
        await asyncio.sleep(0.3)
        yield part


@pytest.fixture
def checks() -> health.Health:
    """Health checks that all succeed."""
    return health.Health({"database": fine}, {"cache": fine})


@pytest.fixture
def client(checks: health.Health) -> TestClient:
    """A client of the application behind the request middleware."""
    return TestClient(RequestMiddleware(application(checks), checks))


def test_every_response_has_an_id_and_security_headers(client: TestClient) -> None:
    first, second = client.get("/id"), client.get("/nowhere")
    assert first.json() == first.headers["X-Request-ID"]
    assert second.json()["request_id"] == second.headers["X-Request-ID"] != first.headers["X-Request-ID"]
    assert second.headers["X-Content-Type-Options"] == "nosniff"


def test_a_request_has_a_time_limit(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeouts, "REQUEST", 0.05)
    late = client.get("/slow")
    assert (late.status_code, late.headers["Retry-After"]) == (503, "1")
    assert late.headers["X-Request-ID"] == late.json()["request_id"]


def test_a_stream_may_last_longer_than_a_request(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timeouts, "REQUEST", 0.5)
    assert client.get("/stream").content == b"123"


def test_each_time_limit_is_above_those_it_contains() -> None:
    limits = [timeouts.LOCK, timeouts.STATEMENT, timeouts.COMMAND, timeouts.ACQUIRE, timeouts.REQUEST]
    assert limits == sorted(set(limits))


@pytest.mark.parametrize(
    ("given", "kept"), [("a.B_c-1", True), ("x" * 64, True), ("x" * 65, False), ("a b", False)]
)
def test_a_valid_request_id_is_kept(client: TestClient, given: str, kept: bool) -> None:
    assert (client.get("/id", headers={"X-Request-ID": given}).json() == given) is kept


def test_head_is_get_without_the_body(client: TestClient) -> None:
    head, get = client.head("/livez"), client.get("/livez")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["Content-Length"] == get.headers["Content-Length"]
    assert client.head("/nowhere").status_code == 404
    assert client.head("/length").status_code == 405


def test_a_long_body_is_refused(client: TestClient) -> None:
    assert client.post("/length", json="x" * (BODY_LIMIT - 2)).json() == BODY_LIMIT - 2
    refused = client.post("/length", json="x" * (BODY_LIMIT - 1))
    assert (refused.status_code, refused.json()["type"]) == (413, "urn:problem:too-large")
    assert "X-Request-ID" in refused.headers


def test_a_long_body_without_a_length_is_refused(client: TestClient) -> None:
    def chunks() -> Iterator[bytes]:
        yield b'"'
        for _ in range(BODY_LIMIT // 1024):
            yield b"x" * 1024
        yield b'"'

    refused = client.post("/length", content=chunks(), headers={"Content-Type": "application/json"})
    assert (refused.status_code, refused.json()["type"]) == (413, "urn:problem:too-large")


async def test_a_long_body_of_http_2_is_refused(checks: health.Health) -> None:
    """HTTP/2 has no chunks: a request without a length does not say that it has a body."""
    app = RequestMiddleware(application(checks), checks)
    headers = {"Content-Type": "application/json"}

    async def announcing_nothing(scope: Scope, receive: Receive, send: Send) -> None:
        kept = [(name, value) for name, value in scope["headers"] if name != b"transfer-encoding"]
        await app({**scope, "http_version": "2", "headers": kept}, receive, send)

    async def body() -> AsyncIterator[bytes]:
        yield b'"' + b"x" * BODY_LIMIT + b'"'

    transport = ASGITransport(announcing_nothing)
    async with AsyncClient(transport=transport, base_url="http://shop") as client:
        refused = await client.post("/length", content=body(), headers=headers)
    assert (refused.status_code, refused.json()["type"]) == (413, "urn:problem:too-large")


def test_a_body_of_another_type_is_refused(client: TestClient) -> None:
    refused = client.post("/length", content=b'"x"', headers={"Content-Type": "text/plain"})
    assert (refused.status_code, refused.json()["type"]) == (415, "urn:problem:unsupported-media-type")
    charset = {"Content-Type": "application/json; charset=utf-8"}
    assert client.post("/length", content=b'"x"', headers=charset).status_code == 200


def test_an_unexpected_error_reveals_nothing(client: TestClient, caplog: pytest.LogCaptureFixture) -> None:
    answer = client.get("/broken")
    assert (answer.status_code, answer.json()["type"]) == (500, "urn:problem:internal")
    assert "a secret" not in answer.text
    assert "X-Request-ID" in answer.headers
    assert "a secret" in caplog.text


def test_an_unavailable_dependency_is_logged_with_its_cause(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    client.get("/database-down")
    client.get("/overloaded")
    first, second = (record.getMessage() for record in caplog.records if record.name == problems.__name__)
    assert first.startswith("GET /database-down is unavailable: OperationalError(")
    assert second == "GET /overloaded is unavailable: Problem('Too much to do.')"


def test_an_unavailable_dependency_answers_503(client: TestClient) -> None:
    answer = client.get("/database-down")
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:problem:unavailable")
    assert answer.headers["Retry-After"] == "1"


def test_a_table_that_has_moved_ends_the_connection(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The next connection of the caller can reach a program with the other database."""
    monkeypatch.setattr(problems, "lacks_table", lambda _: True)
    answer = client.get("/table-moved")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert answer.headers["Connection"] == "close"
    assert "Connection" not in client.get("/database-down").headers


def test_a_validation_error_points_to_the_fault(client: TestClient) -> None:
    answer = client.post("/length", json=1)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"pointer": "", "detail": "Input should be a valid string"}]


def test_a_pointer_to_a_fault_is_escaped(client: TestClient) -> None:
    """In a JSON pointer, a slash in a name is ~1 and a tilde ~0 (RFC 6901, section 3)."""
    answer = client.post("/sizes", json={"a/b~c": "large"})
    assert [fault["pointer"] for fault in answer.json()["errors"]] == ["/a~1b~0c"]


def test_a_healthy_process_is_alive_and_ready(client: TestClient) -> None:
    for path in ("/livez", "/startupz"):
        assert client.get(path).json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok", "checks": {"database": "ok", "cache": "ok"}}


@pytest.mark.parametrize(
    ("required", "optional", "status"), [(failing, fine, 503), (hanging, fine, 503), (fine, failing, 200)]
)
def test_readiness_needs_the_database_and_not_the_cache(
    required: health.Check, optional: health.Check, status: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "CHECK_TIMEOUT_SECONDS", 0.05)
    checks = health.Health({"database": required}, {"cache": optional})
    answer = TestClient(RequestMiddleware(application(checks), checks)).get("/readyz")
    assert answer.status_code == status
    assert "unavailable" in answer.json()["checks"].values()


def test_a_draining_process_still_serves_but_is_not_ready(checks: health.Health, client: TestClient) -> None:
    assert "Connection" not in client.get("/id").headers
    checks.drain()
    answer: Any = client.get("/id")
    assert (answer.status_code, answer.headers["Connection"]) == (200, "close")
    ready = client.get("/readyz")
    assert (ready.status_code, ready.json()["checks"]["process"]) == (503, "draining")

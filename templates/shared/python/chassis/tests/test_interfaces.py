"""Tests of what an HTTP interface says of itself: OpenAPI document, documentation page, CORS and `Allow`."""

from typing import Annotated, Any

import pytest
from fastapi import APIRouter, FastAPI, Response
from fastapi.testclient import TestClient

from ..auth.security import ADMIN, BEARER, Caller, role
from ..http import problems
from ..http.requests import Body, IdempotencyKey, Whole
from ..serving import docs, openapi
from ..serving.cors import CorsSettings, with_cors

PREFLIGHT = {"Access-Control-Request-Method": "PATCH", "Access-Control-Request-Headers": "authorization"}


class Number(Body):
    """A number."""

    number: Annotated[int, Whole]


def api() -> APIRouter:
    """Return routes with and without a body, for everybody, for users and for administrators."""
    routes = APIRouter()

    @routes.get("/things")
    async def list_things() -> Response:
        return Response(status_code=204)

    @routes.post("/things")
    async def add_thing(caller: Caller, key: IdempotencyKey, body: Number) -> Response:
        return Response(str(body.number), media_type="application/json")

    @routes.delete("/things/{name}", responses={404: {}}, dependencies=[role(ADMIN)])
    async def remove_thing(name: str) -> Response:
        return Response(status_code=204)

    @routes.get("/internal/things")
    async def internal_things() -> Response:
        return Response(status_code=204)

    return routes


@pytest.fixture
def app() -> FastAPI:
    """An application with these routes, their documents and the page."""
    app = FastAPI(title="Things", version="1.2.3", openapi_url=None, redirect_slashes=False)
    problems.install(app)
    app.include_router(api())
    app.include_router(docs.router("Things", ["/openapi.json"]))
    app.include_router(openapi.router(app, "/openapi.json", BEARER))
    return app


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    """A client that does not follow redirects."""
    return TestClient(app, follow_redirects=False)


@pytest.fixture
def document(client: TestClient) -> Any:
    """The OpenAPI document."""
    return client.get("/openapi.json").json()


def test_the_document_names_the_program_and_how_to_authenticate(document: Any) -> None:
    assert document["info"] == {"title": "Things", "version": "1.2.3"}
    assert document["components"]["securitySchemes"] == {"access_token": BEARER}
    assert "security" not in document["paths"]["/things"]["get"]
    assert document["paths"]["/things"]["post"]["security"] == [{"access_token": []}]
    assert document["paths"]["/things/{name}"]["delete"]["security"] == [{"access_token": [ADMIN]}]


def test_each_operation_has_the_errors_that_it_can_answer(document: Any) -> None:
    def errors(path: str, method: str) -> set[str]:
        return {code for code in document["paths"][path][method]["responses"] if code >= "400"}

    everywhere = {"429", "500", "503"}
    assert errors("/things", "get") == everywhere
    assert errors("/things", "post") == everywhere | {"400", "401", "413", "415", "422"}
    assert errors("/things/{name}", "delete") == everywhere | {"401", "403", "404", "422"}
    for answer in document["components"]["responses"].values():
        content = {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        assert answer["content"] == content
    assert "HTTPValidationError" not in document["components"]["schemas"]


def test_the_document_says_that_an_idempotency_key_is_required(document: Any) -> None:
    (key,) = document["paths"]["/things"]["post"]["parameters"]
    assert (key["in"], key["name"], key["required"]) == ("header", "Idempotency-Key", True)


def test_internal_routes_have_another_document(client: TestClient, document: Any) -> None:
    assert "/internal/things" not in document["paths"]
    assert list(client.get("/internal/openapi.json").json()["paths"]) == ["/internal/things"]


def test_the_page_needs_nothing_from_elsewhere(client: TestClient) -> None:
    page = client.get("/docs").text
    assert "http" not in page.replace('<html lang="en">', "")
    for path in ("docs.js", "swagger-ui.css", "swagger-ui-bundle.js", "favicon.png", "oauth2-redirect"):
        assert client.get(f"/docs/{path}").status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("PUT", "/things", "GET, HEAD, POST"), ("GET", "/things/a", "DELETE"), ("POST", "/docs", "GET, HEAD")],
)
def test_a_refused_method_gets_those_of_all_routes(
    client: TestClient, method: str, path: str, allowed: str
) -> None:
    refused = client.request(method, path)
    assert (refused.status_code, refused.headers["Allow"]) == (405, allowed)


def test_a_trailing_slash_does_not_redirect(client: TestClient) -> None:
    assert client.get("/things/", headers={"Host": "elsewhere.example"}).status_code == 404
    assert client.get("/docs/", headers={"Host": "elsewhere.example"}).status_code == 404


@pytest.mark.parametrize(
    ("origins", "origin", "admitted"),
    [
        ("", "https://a.example", False),
        ("https://a.example, https://b.example", "https://b.example", True),
        ("https://a.example", "https://aXexample", False),
        ("https://a.example", "https://a.example.evil.example", False),
        ("http://localhost:*", "http://localhost:5173", True),
        ("http://localhost:*", "http://localhost:5173.evil.example", False),
        ("https://*.example", "https://shop.example", True),
        ("https://*.example", "https://evil.example.example", False),
    ],
)
def test_only_pages_of_configured_origins_may_call(
    app: FastAPI, origins: str, origin: str, admitted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORS_ORIGINS", origins)
    client = TestClient(with_cors(app, CorsSettings()))
    preflight = client.options("/things", headers={**PREFLIGHT, "Origin": origin})
    answer = client.get("/things", headers={"Origin": origin})
    for headers in (preflight.headers, answer.headers):
        assert headers.get("Access-Control-Allow-Origin") == (origin if admitted else None)
    if admitted:
        assert preflight.status_code == 200
        assert "PATCH" in preflight.headers["Access-Control-Allow-Methods"]
        assert "ETag" in answer.headers["Access-Control-Expose-Headers"]
        # Without it, a cache could give one page the answer that admits another.
        assert "Origin" in client.get("/things").headers["Vary"]


@pytest.mark.parametrize("origin", ["https://a.example", "https://other.example"])
def test_an_answer_to_a_preflight_has_a_request_id(
    app: FastAPI, origin: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CORS_ORIGINS", "https://a.example")
    client = TestClient(with_cors(app, CorsSettings()))
    headers = {**PREFLIGHT, "Origin": origin}
    assert client.options("/things", headers=headers).headers["X-Request-ID"].isalnum()
    kept = client.options("/things", headers={**headers, "X-Request-ID": "page-1"})
    assert kept.headers.get_list("X-Request-ID") == ["page-1"]
    replaced = client.options("/things", headers={**headers, "X-Request-ID": "two words"})
    assert replaced.headers["X-Request-ID"] != "two words"

"""OpenAPI documents: what FastAPI derives from the routes, and the error responses that they share."""

from collections.abc import Iterator, Mapping
from functools import cache
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, FastAPI, Response
from fastapi.openapi.utils import get_openapi
from fastapi.routing import iter_route_contexts
from pydantic import TypeAdapter

from ..http.problems import MEDIA_TYPE, Details
from ..http.replies import reply

INTERNAL = "/internal/"
_SCHEMA = "#/components/schemas/"
_RESPONSE = "#/components/responses/"
_EVERYWHERE = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.SERVICE_UNAVAILABLE)
_WITH_BODY = (
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
)


def router(app: FastAPI, path: str, security_scheme: Mapping[str, Any]) -> APIRouter:
    """Return the routes of the documents: `path` for the public API, and one for routes of other services."""
    routes = APIRouter(include_in_schema=False)

    @cache
    def described(*, internal: bool) -> dict[str, Any]:
        return describe(app, security_scheme, internal=internal)

    @routes.get(path)
    async def public() -> Response:
        return reply(described(internal=False))

    @routes.get(f"{INTERNAL}openapi.json")
    async def internal() -> Response:
        return reply(described(internal=True))

    return routes


def describe(app: FastAPI, security_scheme: Mapping[str, Any], *, internal: bool) -> dict[str, Any]:
    """Return the OpenAPI document of the public routes, or of the internal ones, with all error responses."""
    routes = [
        route
        for route in iter_route_contexts(app.routes)
        if route.path is not None and route.path.startswith(INTERNAL) is internal
    ]
    document = get_openapi(title=app.title, version=app.version, routes=routes)
    components = document.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    responses = components.setdefault("responses", {})
    for name in components.get("securitySchemes", {}):
        components["securitySchemes"][name] = security_scheme
    for operation in _operations(document):
        answers = operation["responses"]
        if "422" in answers:
            # FastAPI describes its own form of validation errors, which `problems` replaces.
            answers["422"] = {}
        declared = [HTTPStatus(int(code)) for code in answers if code >= "400"]
        for status in {*declared, *_shared_errors(operation)}:
            if "content" not in answers.get(str(status.value), {}):
                answers[str(status.value)] = {"$ref": f"{_RESPONSE}{status.name}"}
                responses[status.name] = _problem(status)
        operation["responses"] = dict(sorted(answers.items()))
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    problem = TypeAdapter(Details).json_schema(ref_template=_SCHEMA + "{model}")
    schemas.update(problem.pop("$defs"), Problem=problem)
    return document


def _operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in document["paths"].values():
        yield from methods.values()


def _shared_errors(operation: dict[str, Any]) -> Iterator[HTTPStatus]:
    """Yield the errors that the chassis or the edge answers before or after a route's own code."""
    yield from _EVERYWHERE
    parameters = operation.get("parameters", [])
    if "requestBody" in operation:
        yield from _WITH_BODY
    if any(each["in"] == "path" for each in parameters):
        # Proxies do not route every text, such as one with a line break.
        yield HTTPStatus.NOT_FOUND
    if any(each["in"] == "header" and each["required"] for each in parameters):
        yield HTTPStatus.BAD_REQUEST
    if "requestBody" in operation or parameters:
        yield HTTPStatus.UNPROCESSABLE_ENTITY
    for requirement in operation.get("security", []):
        yield HTTPStatus.UNAUTHORIZED
        if any(requirement.values()):
            yield HTTPStatus.FORBIDDEN


def _problem(status: HTTPStatus) -> dict[str, Any]:
    return {
        "description": status.phrase,
        "content": {MEDIA_TYPE: {"schema": {"$ref": f"{_SCHEMA}Problem"}}},
    }

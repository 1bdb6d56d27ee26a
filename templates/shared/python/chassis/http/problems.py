"""Errors that a caller is told about, as RFC 9457 problem details."""

import logging
from collections.abc import Mapping
from http import HTTPMethod, HTTPStatus
from typing import Any, NotRequired

import msgspec
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.routing import Match
from typing_extensions import TypedDict

from ..db.conflicts import is_conflict, is_timeout, lacks_table

log = logging.getLogger(__name__)
MEDIA_TYPE = "application/problem+json"


class Fault(TypedDict):
    """A part of the request that breaks its schema: a JSON pointer (RFC 6901), and what is wrong there."""

    pointer: str
    detail: str


class Details(TypedDict):
    """Problem details (RFC 9457); `type` is for programs, `detail` for people."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str | None
    errors: NotRequired[list[Fault]]


class Problem(Exception):
    """An error response: `code` is for programs, `detail` for people."""

    def __init__(
        self, status: int, code: str, detail: str, *, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = dict(headers or {})


class NotFound(Problem):
    """The resource does not exist, or not for this caller."""

    def __init__(self, detail: str) -> None:
        super().__init__(404, "not-found", detail)


class Invalid(Problem):
    """The request is well-formed, but its content breaks a rule."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(422, code, detail)


class Conflict(Problem):
    """The state of the resource does not allow the request."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(409, code, detail)


_CODES = {
    400: "bad-request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "unsupported-media-type",
    429: "too-many-requests",
    503: "unavailable",
}


def install(app: FastAPI) -> None:
    """Make `app` answer every error with problem details, without revealing anything of unexpected ones."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _validation)
    app.add_exception_handler(OperationalError, _unavailable)
    app.add_exception_handler(DBAPIError, _database)
    app.add_exception_handler(PoolTimeout, _unavailable)
    app.add_exception_handler(OSError, _unavailable)
    app.add_exception_handler(Exception, _unexpected)


def answer(
    request: Request,
    status: int,
    code: str,
    detail: str,
    *,
    headers: Mapping[str, str] | None = None,
    errors: list[Fault] | None = None,
) -> Response:
    """Return the problem as a response."""
    body: Details = {
        "type": f"urn:problem:{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "request_id": getattr(request.state, "request_id", None),
    }
    if errors is not None:
        body["errors"] = errors
    return Response(msgspec.json.encode(body), status, dict(headers or {}), media_type=MEDIA_TYPE)


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    if error.status == HTTPStatus.SERVICE_UNAVAILABLE:
        _log_cause(request, error.__cause__ or error)
    return answer(request, error.status, error.code, error.detail, headers=error.headers)


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code = _CODES.get(error.status_code, "bad-request")
    headers = dict(error.headers or {})
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        # Starlette knows only the methods of the first route with this path.
        headers["Allow"] = ", ".join(_allowed(request))
    return answer(request, error.status_code, code, str(error.detail), headers=headers)


def _allowed(request: Request) -> list[str]:
    scope: dict[str, Any] = dict(request.scope)
    routes = request.app.routes
    return [
        method.value
        for method in HTTPMethod
        if any(route.matches(scope | {"method": _handled(method)})[0] is Match.FULL for route in routes)
    ]


def _handled(method: HTTPMethod) -> str:
    # The request middleware handles HEAD as GET.
    return "GET" if method is HTTPMethod.HEAD else method.value


async def _validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    faults = error.errors()
    if any(fault["type"] == "json_invalid" for fault in faults):
        return answer(request, 400, "bad-request", "The request body is not valid JSON.")
    if any(fault["loc"][0] == "path" for fault in faults):
        return answer(request, 404, "not-found", "There is nothing at this path.")
    for fault in faults:
        if fault["loc"][0] == "header":
            return _header(request, str(fault["loc"][1]), fault["input"])
    errors = [Fault(pointer=_pointer(fault["loc"]), detail=str(fault["msg"])) for fault in faults]
    return answer(request, 422, "validation", "The request does not match its schema.", errors=errors)


def _header(request: Request, name: str, value: str | None) -> Response:
    if not value:
        return answer(request, 400, f"{name.lower()}-missing", f"The {name} header is required.")
    return answer(request, 400, "bad-request", f"The {name} header is invalid.")


def _pointer(location: tuple[str | int, ...]) -> str:
    parts = (str(part).replace("~", "~0").replace("/", "~1") for part in location[1:])
    return "".join(f"/{part}" for part in parts)


async def _unavailable(request: Request, error: Exception) -> Response:
    _log_cause(request, error)
    detail = "A dependency is unavailable. Try again later."
    return answer(request, 503, "unavailable", detail, headers={"Retry-After": "1"})


def _log_cause(request: Request, cause: BaseException) -> None:
    log.warning("%s %s is unavailable: %r", request.method, request.url.path, cause)


async def _database(request: Request, error: Exception) -> Response:
    assert isinstance(error, DBAPIError)
    if lacks_table(error):
        response = await _unavailable(request, error)
        # The table may have moved to another database, whose programs the caller's next connection can reach.
        response.headers["Connection"] = "close"
        return response
    if error.connection_invalidated or is_timeout(error) or is_conflict(error):
        return await _unavailable(request, error)
    raise error


async def _unexpected(request: Request, error: Exception) -> Response:
    return answer(request, 500, "internal", "Internal error. Quote the request_id when you report it.")

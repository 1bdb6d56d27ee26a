"""Checks of the conventions that every response of the shop follows."""

from __future__ import annotations

import re
from typing import Any

import httpx2

PROBLEMS: dict[int, frozenset[str]] = {
    400: frozenset({"bad-request", "idempotency-key-missing", "bad-cursor"}),
    401: frozenset({"unauthenticated", "invalid-credentials", "invalid-refresh-token"}),
    403: frozenset({"forbidden"}),
    404: frozenset({"not-found"}),
    405: frozenset({"method-not-allowed"}),
    409: frozenset(
        {
            "email-taken",
            "sku-taken",
            "stock-below-reserved",
            "total-changed",
            "order-pending",
            "order-not-cancellable",
        }
    ),
    412: frozenset({"version-mismatch"}),
    413: frozenset({"too-large"}),
    415: frozenset({"unsupported-media-type"}),
    422: frozenset({"validation", "unknown-product", "empty-cart", "idempotency-key-reused"}),
    429: frozenset({"too-many-requests"}),
    503: frozenset({"unavailable"}),
}
REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z")
UUID7 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def check_answer(response: httpx2.Response) -> None:
    """Assert the conventions that hold for every response of the shop."""
    request_id = response.headers.get("x-request-id", "")
    assert REQUEST_ID.fullmatch(request_id), f"X-Request-ID {request_id!r} of {_call(response)}"
    if response.status_code >= 400:
        _check_failure(response)
    elif response.content:
        _check_success(response)


def assert_problem(response: httpx2.Response, status: int, code: str) -> dict[str, Any]:
    """Assert that the response is the problem `code` with `status`; return its document."""
    assert (response.status_code, problem_code(response)) == (status, code), response.text
    document: dict[str, Any] = response.json()
    return document


def assert_invalid(response: httpx2.Response, pointer: str) -> None:
    """Assert a 422 `validation` problem that points at `pointer` (RFC 6901) in the request body."""
    errors = assert_problem(response, 422, "validation")["errors"]
    assert pointer in {error["pointer"] for error in errors}, errors


def problem_code(response: httpx2.Response) -> str:
    """Return the `<code>` of a problem document's `urn:problem:<code>`, or "" without a document."""
    if not response.headers.get("content-type", "").startswith("application/problem+json"):
        return ""
    return str(response.json().get("type", "")).removeprefix("urn:problem:")


def _check_failure(response: httpx2.Response) -> None:
    status = response.status_code
    if response.request.url.path == "/readyz" and status == 503:
        return
    assert status in PROBLEMS, (
        f"status {status} is not in the contract: {_call(response)} {response.text[:300]}"
    )
    code = problem_code(response)
    assert code in PROBLEMS[status], f"problem {code!r} does not belong to status {status}: {_call(response)}"
    document = response.json()
    assert document["status"] == status
    assert isinstance(document["title"], str)
    assert isinstance(document["detail"], str)
    assert document["request_id"] == response.headers["x-request-id"]
    if code == "validation":
        assert document["errors"], "a validation problem must list its errors"
        assert all(isinstance(error["detail"], str) for error in document["errors"])
        assert all(isinstance(error["pointer"], str) for error in document["errors"])
    if code == "unauthenticated":
        assert response.headers["www-authenticate"].startswith("Bearer")
    if status in (429, 503):
        assert response.headers["retry-after"].isdigit(), "Retry-After must be a whole number of seconds"


def _check_success(response: httpx2.Response) -> None:
    path = response.request.url.path
    if not path.startswith("/v1/"):
        return
    assert response.headers["content-type"].startswith("application/json")
    if not path.startswith("/v1/products"):
        assert "no-store" in response.headers.get("cache-control", ""), (
            f"{_call(response)} is private and must not be stored"
        )


def _call(response: httpx2.Response) -> str:
    return f"{response.request.method} {response.request.url.path}"

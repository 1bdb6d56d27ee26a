"""Tests of `GET /v1/me`, independent of the token verifier."""

from uuid import UUID

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from chassis.auth.security import BEARER, Principal, Unauthenticated
from chassis.http import problems

from .. import me

ID = UUID("0199b2f4-51a5-7cc2-b0e5-6a1d59b1ea77")


class Verifier:
    """A verifier that knows two tokens."""

    challenge = "Bearer"
    security_scheme = BEARER

    async def verify(self, token: str) -> Principal:
        """Return the caller of a known token."""
        if token == "alice":
            return Principal(ID, "alice@example.com", frozenset({"customer"}))
        if token == "program":
            return Principal(ID, None, frozenset({"customer", "admin"}))
        raise Unauthenticated


@pytest.fixture
def client() -> TestClient:
    """A client of this route alone."""
    app = FastAPI()
    problems.install(app)
    app.state.verifier = Verifier()
    app.include_router(me.router())
    return TestClient(app)


@pytest.mark.parametrize(
    ("token", "email", "roles"),
    [("alice", "alice@example.com", ["customer"]), ("program", None, ["admin", "customer"])],
)
def test_callers_see_their_identity(
    client: TestClient, token: str, email: str | None, roles: list[str]
) -> None:
    answer = client.get("/v1/me", headers={"Authorization": f"Bearer {token}"})
    assert answer.json() == {"id": str(ID), "email": email, "roles": roles}
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "authorization", [None, "", "Bearer", "Bearer ", "Basic alice", "alice", "Bearer bob"]
)
def test_requests_without_a_valid_token_are_refused(client: TestClient, authorization: str | None) -> None:
    answer = client.get("/v1/me", headers={} if authorization is None else {"Authorization": authorization})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"].startswith("Bearer")

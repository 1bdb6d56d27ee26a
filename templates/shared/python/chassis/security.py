"""Authentication and authorization of callers."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Protocol
from uuid import UUID

from fastapi import Depends, Request

from .problems import Problem

CUSTOMER = "customer"
ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated caller."""

    id: UUID
    email: str | None
    roles: frozenset[str]


class TokenVerifier(Protocol):
    """Authenticates callers by their bearer tokens.

    `challenge` is the `WWW-Authenticate` header for requests without a token (RFC 9110, section 11.6.1).
    """

    @property
    def challenge(self) -> str: ...

    async def verify(self, token: str) -> Principal:
        """Return the caller; raise `Unauthenticated` for a forged, expired or misaddressed token."""
        ...


class Unauthenticated(Problem):
    """The request has no valid token."""

    def __init__(self, challenge: str = "Bearer") -> None:
        detail = "A valid bearer token is required."
        super().__init__(401, "unauthenticated", detail, headers={"WWW-Authenticate": challenge})


class Forbidden(Problem):
    """The caller lacks a required role."""

    def __init__(self) -> None:
        super().__init__(403, "forbidden", "You do not have the required role.")


async def caller(request: Request) -> Principal:
    """Authenticate the request with the verifier in `app.state.verifier`."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    verifier: TokenVerifier = request.app.state.verifier
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated(verifier.challenge)
    return await verifier.verify(token)


def role(name: str) -> Callable[[Principal], Awaitable[Principal]]:
    """Return a dependency that admits only callers with the role `name`."""

    async def check(principal: Caller) -> Principal:
        if name not in principal.roles:
            raise Forbidden
        return principal

    return check


Caller = Annotated[Principal, Depends(caller)]
Admin = Annotated[Principal, Depends(role(ADMIN))]

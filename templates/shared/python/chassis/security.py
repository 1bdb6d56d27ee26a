"""Who is calling, and what they may do."""

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
    """Turns a bearer token into the caller that it stands for.

    `challenge` is what `WWW-Authenticate` says to a caller without a token (RFC 9110, section 11.6.1).
    """

    @property
    def challenge(self) -> str: ...

    async def verify(self, token: str) -> Principal:
        """Return the caller; raise `Unauthenticated` for a forged, expired or misaddressed token."""
        ...


class Unauthenticated(Problem):
    """No token, or none that is valid."""

    def __init__(self, challenge: str = "Bearer") -> None:
        detail = "A valid bearer token is required."
        super().__init__(401, "unauthenticated", detail, headers={"WWW-Authenticate": challenge})


class Forbidden(Problem):
    """The caller is known and may not do this."""

    def __init__(self) -> None:
        super().__init__(403, "forbidden", "This needs a role that you do not have.")


async def caller(request: Request) -> Principal:
    """Authenticate the request with the verifier in `app.state.verifier`."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    verifier: TokenVerifier = request.app.state.verifier
    if scheme.lower() != "bearer" or not token:
        raise Unauthenticated(verifier.challenge)
    return await verifier.verify(token)


def role(name: str) -> Callable[[Principal], Awaitable[Principal]]:
    """Return a dependency that lets only callers with the role `name` pass."""

    async def check(principal: Caller) -> Principal:
        if name not in principal.roles:
            raise Forbidden
        return principal

    return check


Caller = Annotated[Principal, Depends(caller)]
Admin = Annotated[Principal, Depends(role(ADMIN))]

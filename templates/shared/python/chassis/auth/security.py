"""Authentication and authorization of callers."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Protocol
from uuid import UUID

from fastapi import Depends, Request, Security
from fastapi.openapi.models import HTTPBearer
from fastapi.params import Depends as Dependency
from fastapi.security import SecurityScopes
from fastapi.security.base import SecurityBase

from ..http.problems import Problem

CUSTOMER = "customer"
ADMIN = "admin"
# How far the clocks of two machines may differ.
LEEWAY_SECONDS = 10
# The security scheme of OpenAPI for tokens that callers bring from elsewhere.
BEARER: Mapping[str, Any] = {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated caller."""

    id: UUID
    email: str | None
    roles: frozenset[str]


class TokenVerifier(Protocol):
    """Authenticates callers by their bearer tokens.

    `challenge` is the `WWW-Authenticate` header for requests without a token (RFC 9110, section 11.6.1), and
    `security_scheme` says in OpenAPI how to get one.
    """

    @property
    def challenge(self) -> str: ...

    @property
    def security_scheme(self) -> Mapping[str, Any]: ...

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


class _Authentication(SecurityBase):
    """Authenticates requests with the verifier in `app.state.verifier`; scopes are the required roles."""

    scheme_name = "access_token"
    model = HTTPBearer()

    async def __call__(self, request: Request, roles: SecurityScopes) -> Principal:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        verifier: TokenVerifier = request.app.state.verifier
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated(verifier.challenge)
        principal = await verifier.verify(token.lstrip(" "))
        if not principal.roles.issuperset(roles.scopes):
            raise Forbidden
        return principal


_authentication = _Authentication()


def role(name: str) -> Dependency:
    """Return a dependency that admits only callers with the role `name`."""
    return Security(_authentication, scopes=[name])  # type: ignore[no-any-return]


Caller = Annotated[Principal, Depends(_authentication)]
Admin = Annotated[Principal, role(ADMIN)]

"""HTTP API of the shop's own accounts."""

from dataclasses import dataclass
from typing import Annotated

import msgspec
from fastapi import APIRouter, Request, Response
from joserfc.jwk import KeySet
from pydantic import StringConstraints

from ..chassis.ratelimit import RateLimit
from ..chassis.replies import reply, reply_bytes
from ..chassis.requests import Body
from .domain import User
from .emails import Email
from .keys import public_keys
from .sessions import Sessions
from .tokens import LIFETIME, AccessTokens
from .users import Users


class Registration(Body):
    """The email address and password of a new account."""

    email: Email
    password: Annotated[str, StringConstraints(min_length=8, max_length=128)]


class Credentials(Body):
    """The email address and password of an account."""

    email: Email
    password: Annotated[str, StringConstraints(max_length=128)]


class Refresh(Body):
    """A refresh token."""

    refresh_token: str


@dataclass(frozen=True, slots=True)
class Tokens:
    """An access token, valid for `expires_in` seconds, and the refresh token for the next one."""

    access_token: str
    token_type: str
    expires_in: int
    refresh_token: str


@dataclass(frozen=True, slots=True)
class Rates:
    """The rate limits of signing in and registering."""

    login_email: RateLimit
    login_address: RateLimit
    register_address: RateLimit


def router(users: Users, sessions: Sessions, access: AccessTokens, rates: Rates) -> APIRouter:
    """Return the routes below `/v1/auth`."""
    routes = APIRouter(prefix="/v1/auth", tags=["identity"])

    def tokens(user: User, refresh_token: str) -> Response:
        return reply(Tokens(access.issue(user), "Bearer", LIFETIME, refresh_token))

    @routes.post("/register", status_code=201, responses={201: {"model": User}, 409: {}})
    async def register(body: Registration, request: Request) -> Response:
        """Create an account."""
        await rates.register_address.hit(_address(request))
        return reply(await users.register(body.email, body.password), 201)

    @routes.post("/login", responses={200: {"model": Tokens}, 401: {}})
    async def login(body: Credentials, request: Request) -> Response:
        """Sign in with an email address and a password."""
        await rates.login_address.hit(_address(request))
        await rates.login_email.hit(body.email)
        user = await users.authenticate(body.email, body.password)
        return tokens(user, await sessions.open(user))

    @routes.post("/refresh", responses={200: {"model": Tokens}, 401: {}})
    async def refresh(body: Refresh) -> Response:
        """Exchange a refresh token, which becomes invalid, for a new pair of tokens."""
        return tokens(*await sessions.rotate(body.refresh_token))

    @routes.post("/logout", status_code=204)
    async def logout(body: Refresh) -> Response:
        """End the session that the refresh token belongs to."""
        await sessions.end(body.refresh_token)
        return Response(status_code=204)

    return routes


def keys(signing_keys: KeySet) -> APIRouter:
    """Return the route that publishes the public keys."""
    routes = APIRouter(tags=["identity"])
    body = msgspec.json.encode(public_keys(signing_keys))
    headers = {"Cache-Control": "public, max-age=300"}

    @routes.get("/.well-known/jwks.json")
    async def jwks() -> Response:
        """Return the keys that verify access tokens."""
        return reply_bytes(body, headers=headers)

    return routes


def _address(request: Request) -> str:
    return request.client.host if request.client else "unknown"

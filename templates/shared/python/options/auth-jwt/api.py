"""HTTP API of the shop's own accounts."""

from dataclasses import dataclass
from typing import Annotated

import msgspec
from fastapi import APIRouter, Request, Response
from joserfc.jwk import KeySet
from pydantic import StringConstraints
from starlette.background import BackgroundTask

from chassis.auth.security import Admin, Caller
from chassis.http.problems import Conflict
from chassis.http.ratelimit import RateLimit
from chassis.http.replies import reply, reply_bytes
from chassis.http.requests import Body, Id, Text

from .domain import User
from .emails import Email
from .keys import public_keys
from .resets import PasswordResets
from .sessions import Sessions
from .tokens import LIFETIME, AccessTokens
from .users import Users

NewPassword = Annotated[Text, StringConstraints(min_length=8, max_length=128)]


class Registration(Body):
    """The email address and password of a new account."""

    email: Email
    password: NewPassword


class PasswordChange(Body):
    """The current and the new password of the caller."""

    current_password: Annotated[Text, StringConstraints(max_length=128)]
    new_password: NewPassword


class ResetRequest(Body):
    """The email address of the account whose password is forgotten."""

    email: Email


class Reset(Body):
    """A reset token from a mail, and the new password."""

    reset_token: str
    new_password: NewPassword


class Credentials(Body):
    """The email address and password of an account."""

    email: Email
    password: Annotated[Text, StringConstraints(max_length=128)]


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
    """The rate limits of signing in and registering; `login_email` is per email and client address."""

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
        # Per address too, so that wrong guesses from elsewhere do not lock the owner out.
        await rates.login_email.hit(f"{_address(request)} {body.email}")
        user, password_hash = await users.authenticate(body.email, body.password)
        return tokens(user, await sessions.open(user, password_hash))

    @routes.post("/refresh", responses={200: {"model": Tokens}, 401: {}})
    async def refresh(body: Refresh) -> Response:
        """Exchange a refresh token, which becomes invalid, for a new pair of tokens."""
        return tokens(*await sessions.rotate(body.refresh_token))

    @routes.post("/logout", status_code=204)
    async def logout(body: Refresh) -> Response:
        """End the session that the refresh token belongs to."""
        await sessions.end(body.refresh_token)
        return Response(status_code=204)

    @routes.post("/password", status_code=204, responses={403: {}})
    async def change_password(body: PasswordChange, request: Request, caller: Caller) -> Response:
        """Change the password and end all sessions."""
        await rates.login_email.hit(f"{_address(request)} {caller.id}")
        await users.change_password(caller.id, body.current_password, body.new_password)
        return Response(status_code=204)

    @routes.put("/administrators/{user_id}", responses={200: {"model": User}, 404: {}})
    async def add_administrator(user_id: Id, caller: Admin) -> Response:
        """Make an account an administrator's, from its next access token on."""
        return reply(await users.set_administrator(user_id, administrator=True, by=caller.id))

    @routes.delete("/administrators/{user_id}", status_code=204, responses={404: {}, 409: {}})
    async def remove_administrator(user_id: Id, caller: Admin) -> Response:
        """Take the administrator's role from another account, from its next access token on."""
        if user_id == caller.id:
            # The caller stays, so there is always an administrator.
            raise Conflict("own-role", "Administrators cannot remove themselves.")
        await users.set_administrator(user_id, administrator=False, by=caller.id)
        return Response(status_code=204)

    return routes


def resets(passwords: PasswordResets, rates: Rates) -> APIRouter:
    """Return the routes for forgotten passwords."""
    routes = APIRouter(prefix="/v1/auth/password-resets", tags=["identity"])

    @routes.post("/requests", status_code=202)
    async def request_reset(body: ResetRequest, request: Request) -> Response:
        """Send a reset token to the owner of an account; the answer does not tell whether there is one."""
        await rates.login_address.hit(_address(request))
        await rates.login_email.hit(f"reset {body.email}")
        # After the response, because its time must not tell either.
        return Response(status_code=202, background=BackgroundTask(passwords.request, body.email))

    @routes.post("", status_code=204, responses={401: {}})
    async def reset(body: Reset, request: Request) -> Response:
        """Set a new password with a reset token and end all sessions."""
        await rates.login_address.hit(_address(request))
        await passwords.redeem(body.reset_token, body.new_password)
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

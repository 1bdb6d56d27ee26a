"""Internal API of identity, for other services."""

from dataclasses import dataclass
from uuid import UUID

from fastapi import APIRouter, Response

from chassis.http.calls.server import internal_router
from chassis.http.calls.tokens import CallerVerifier
from chassis.http.replies import reply

from ..identity.users import Users


@dataclass(frozen=True, slots=True)
class UserStatus:
    """Whether there is an account with an id."""

    exists: bool


def router(users: Users, caller_verifier: CallerVerifier) -> APIRouter:
    """Return the routes for other services."""
    routes = internal_router(caller_verifier)

    @routes.get("/users/{user_id}", responses={200: {"model": UserStatus}})
    async def read_user(user_id: UUID) -> Response:
        """Return whether there is an account with this id."""
        return reply(UserStatus(await users.exists(user_id)))

    return routes

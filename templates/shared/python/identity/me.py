"""The route that shows callers their own identity."""

from fastapi import APIRouter, Response

from chassis.auth.security import Caller
from chassis.http.replies import reply

from .domain import User


def router() -> APIRouter:
    """Return the route `GET /v1/me`."""
    routes = APIRouter(tags=["identity"])

    @routes.get("/v1/me", responses={200: {"model": User}})
    async def me(caller: Caller) -> Response:
        """Return the caller's identity."""
        return reply(User(caller.id, caller.email, sorted(caller.roles)))

    return routes

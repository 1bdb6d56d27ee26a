"""The route that tells callers who they are."""

from fastapi import APIRouter, Response

from ..chassis.replies import reply
from ..chassis.security import Caller
from .domain import User


def router() -> APIRouter:
    """Return the route `GET /v1/me`."""
    routes = APIRouter(tags=["identity"])

    @routes.get("/v1/me", responses={200: {"model": User}})
    async def me(caller: Caller) -> Response:
        """Tell who is calling."""
        return reply(User(caller.id, caller.email, sorted(caller.roles)))

    return routes

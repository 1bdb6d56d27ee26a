"""Being called by other services."""

import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute

from ..chassis.problems import Problem
from ..chassis.security import Unauthenticated
from . import deadline
from .tokens import CallerVerifier

PREFIX = "/internal"


def internal_router(caller_verifier: CallerVerifier) -> APIRouter:
    """Return a router, empty yet, whose routes lie under `/internal` and serve only `caller_verifier`.

    What they do, they do within the time that the caller waits.
    """

    async def authenticate(request: Request) -> None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthenticated
        caller_verifier.verify(token)

    return APIRouter(
        prefix=PREFIX,
        tags=["internal"],
        dependencies=[Depends(authenticate)],
        route_class=_DeadlineRoute,
    )


class _DeadlineRoute(APIRoute):
    """A route that knows the caller's deadline, and does nothing for a caller who has gone."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_within_deadline(request: Request) -> Response:
            given = request.headers.get(deadline.HEADER)
            if given is None:
                return await handle(request)
            if re.fullmatch("[0-9]{1,9}", given) is None:
                raise Problem(400, "bad-request", f"{deadline.HEADER} is a number of milliseconds.")
            if int(given) == 0:
                raise Problem(503, "unavailable", "The caller's time is over.", headers={"Retry-After": "1"})
            with deadline.within(int(given) / 1000):
                return await handle(request)

        return handle_within_deadline

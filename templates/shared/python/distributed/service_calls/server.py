"""Internal routes: authentication and deadlines of calls from other services."""

import re
from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute

from ...auth.security import Unauthenticated
from ..problems import Problem
from . import deadline
from .tokens import CallerVerifier

PREFIX = "/internal"


def internal_router(caller_verifier: CallerVerifier) -> APIRouter:
    """Return an empty router under `/internal` that admits only the callers known to `caller_verifier`.

    Its routes run within the caller's deadline.
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
    """A route that applies the caller's deadline, and refuses a call whose deadline has passed."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_within_deadline(request: Request) -> Response:
            given = request.headers.get(deadline.HEADER)
            if given is None:
                return await handle(request)
            if re.fullmatch("[0-9]{1,9}", given) is None:
                raise Problem(400, "bad-request", f"{deadline.HEADER} must be a number of milliseconds.")
            if int(given) == 0:
                detail = "The caller's deadline has passed."
                raise Problem(503, "unavailable", detail, headers={"Retry-After": "1"})
            with deadline.within(int(given) / 1000):
                return await handle(request)

        return handle_within_deadline

"""Health of the process: liveness, startup and readiness."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from fastapi import APIRouter, Response

from .replies import reply

log = logging.getLogger(__name__)
Check = Callable[[], Awaitable[None]]
CHECK_TIMEOUT_SECONDS = 2.0


class Pending(Exception):
    """The check was not made yet, because the program is still starting, which says what it waits for."""


@dataclass(frozen=True, slots=True)
class Status:
    """Whether the process is `ok`."""

    status: str


@dataclass(frozen=True, slots=True)
class Readiness:
    """Whether the process is `ok`, and the outcome of each check."""

    status: str
    checks: dict[str, str]


class Health:
    """The checks behind the probes.

    If a `required` check fails, the process is not ready; `optional` checks are only reported.
    """

    def __init__(self, required: Mapping[str, Check], optional: Mapping[str, Check]) -> None:
        self._required = required
        self._optional = optional
        self.draining = False

    def drain(self) -> None:
        """Report that the process is not ready from now on, because it is about to stop."""
        self.draining = True

    async def ready(self) -> tuple[bool, dict[str, str]]:
        """Return whether the process is ready, and the result of each check."""
        checks = {**self._required, **self._optional}
        outcomes = dict(zip(checks, await asyncio.gather(*map(_outcome, checks.items())), strict=True))
        if self.draining:
            outcomes["process"] = "draining"
        ready = not self.draining and all(outcomes[name] == "ok" for name in self._required)
        return ready, outcomes


def router(health: Health) -> APIRouter:
    """Return the probes' endpoints."""
    routes = APIRouter(tags=["operations"])

    @routes.get("/livez", responses={200: {"model": Status}})
    @routes.get("/startupz", responses={200: {"model": Status}})
    async def alive() -> Response:
        """Report that the process is serving, whatever the state of its dependencies."""
        return reply(Status("ok"))

    @routes.get("/readyz", responses={200: {"model": Readiness}, 503: {"model": Readiness}})
    async def ready() -> Response:
        """Report whether the process should get requests."""
        ready, checks = await health.ready()
        return reply(Readiness("ok" if ready else "unavailable", checks), 200 if ready else 503)

    return routes


async def _outcome(check: tuple[str, Check]) -> str:
    name, run = check
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_SECONDS):
            await run()
    except Pending:
        return "pending"
    except Exception as error:
        log.warning("Health check of the %s failed: %r", name, error)
        return "unavailable"
    return "ok"

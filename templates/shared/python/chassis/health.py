"""Health: is the process alive, has it started, should it get requests."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Response

from .replies import reply

log = logging.getLogger(__name__)
Check = Callable[[], Awaitable[None]]
CHECK_TIMEOUT_SECONDS = 2.0


class Health:
    """What the probes ask for.

    A process whose `required` checks fail should get no requests; `optional` ones only tell.
    """

    def __init__(self, required: Mapping[str, Check], optional: Mapping[str, Check]) -> None:
        self._required = required
        self._optional = optional
        self.draining = False

    def drain(self) -> None:
        """Ask for no more requests: the process is about to stop."""
        self.draining = True

    async def ready(self) -> tuple[bool, dict[str, str]]:
        """Return whether requests are welcome, and how each check went."""
        checks = {**self._required, **self._optional}
        outcomes = dict(zip(checks, await asyncio.gather(*map(_outcome, checks.items())), strict=True))
        if self.draining:
            outcomes["process"] = "draining"
        ready = not self.draining and all(outcomes[name] == "ok" for name in self._required)
        return ready, outcomes


def router(health: Health) -> APIRouter:
    """Return the probes' endpoints."""
    routes = APIRouter(tags=["operations"])

    @routes.get("/livez")
    @routes.get("/startupz")
    async def alive() -> Response:
        """Answer as soon as the process serves at all, whatever its dependencies do."""
        return reply({"status": "ok"})

    @routes.get("/readyz")
    async def ready() -> Response:
        """Tell whether this process should get requests."""
        ready, checks = await health.ready()
        return reply({"status": "ok" if ready else "unavailable", "checks": checks}, 200 if ready else 503)

    return routes


async def _outcome(check: tuple[str, Check]) -> str:
    name, run = check
    try:
        async with asyncio.timeout(CHECK_TIMEOUT_SECONDS):
            await run()
    except Exception as error:
        log.warning("The %s does not answer: %r", name, error)
        return "unavailable"
    return "ok"

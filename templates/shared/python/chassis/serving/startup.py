"""Startup checks: what must hold before a program serves."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from ..db.database import Database

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 5.0


class StartupRefused(Exception):
    """The program must not start; the message says what is wrong and what to do."""


async def check_connection(database: Database) -> None:
    """Raise `StartupRefused` unless the database can be connected to."""
    try:
        async with database.engine.connect():
            pass
    except Exception as error:
        reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
        raise StartupRefused(f"Cannot connect to the database: {reason}. Check DATABASE_URL.") from error


class StartupCheck:
    """A check that must pass once before the program serves; it raises `StartupRefused` if it fails.

    `verify` is also a readiness check: if the database is down at the start, the check cannot be made, and
    the process is not ready until it can.
    """

    def __init__(self, check: Callable[[], Awaitable[None]]) -> None:
        self._check = check
        self._passed = False

    async def at_start(self) -> None:
        """Make the check if that is possible now."""
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await self.verify()
        except StartupRefused:
            raise
        except Exception as error:
            log.warning("A startup check could not be made; not ready until it can: %r", error)

    async def verify(self) -> None:
        """Make the check, unless it has passed before."""
        if not self._passed:
            await self._check()
            self._passed = True

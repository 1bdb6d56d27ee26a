"""Startup: what must hold before a program is ready, and waiting until it does."""

import asyncio
import logging
from collections.abc import Mapping
from contextlib import suppress
from functools import partial

from ..db.database import Database
from ..db.schema import check_schema, check_tables
from ..http.health import Check, Pending

log = logging.getLogger(__name__)
TIMEOUT_SECONDS = 5.0
FIRST_DELAY_SECONDS = 0.1
LONGEST_DELAY_SECONDS = 1.0


class StartupRefused(Exception):
    """The program must not start; the message says what is wrong and what to do."""


async def check_connection(database: Database, wait_seconds: float = 0) -> None:
    """Raise `StartupRefused` unless the database can be connected to; wait for it for `wait_seconds`."""

    async def connect() -> None:
        async with database.engine.connect():
            pass

    await wait_at_most(wait_seconds, "database", connect)
    try:
        await connect()
    except Exception as error:
        raise StartupRefused(
            f"Cannot connect to the database: {_reason(error)}. Check DATABASE_URL."
        ) from error


async def wait_for(name: str, check: Check) -> None:
    """Make the check until it passes; log once what the program waits for, and when that is over."""
    waiting, delay = False, FIRST_DELAY_SECONDS
    while True:
        try:
            async with asyncio.timeout(TIMEOUT_SECONDS):
                await check()
        except Exception as error:
            if not waiting:
                log.warning("Waiting for the %s: %s", name, _reason(error))
            waiting = True
            await asyncio.sleep(delay)
            delay = min(2 * delay, LONGEST_DELAY_SECONDS)
        else:
            if waiting:
                log.info("The wait for the %s is over", name)
            return


async def wait_at_most(seconds: float, name: str, check: Check) -> None:
    """Make the check until it passes, for `seconds` at most."""
    if seconds > 0:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await wait_for(name, check)


class Startup:
    """The start of a program: its database responds and has the schema, then `checks` pass in their order.

    `steps` follow when the program already serves, so a step that fails cannot prevent its start. What has
    passed is not repeated, except whether the tables are there: while a program runs, its database only gets
    more migrations, but tables can move to another one. After a restore of an older backup, restart the
    programs.
    """

    def __init__(
        self, database: Database | None, checks: Mapping[str, Check], steps: Mapping[str, Check] | None = None
    ) -> None:
        self._database = database
        self._checks = {**_own_checks(database), **checks}
        self._pending = {**self._checks, **(steps or {})}

    @property
    def required(self) -> dict[str, Check]:
        """What readiness requires: that everything has passed, and that the database has the tables now."""
        passed: dict[str, Check] = {name: partial(self._verify, name) for name in self._pending}
        if self._database is None:
            return passed
        find_tables = partial(self._find_tables, self._database)
        return passed | {"database": self._database.ping, "tables": find_tables}

    async def refuse(self) -> None:
        """Raise `StartupRefused` if a check does; leave those that cannot be made yet to `complete`."""
        try:
            for check in self._checks.values():
                async with asyncio.timeout(TIMEOUT_SECONDS):
                    await check()
        except StartupRefused:
            raise
        except Exception as error:
            log.debug("Startup checks are left for later: %r", error)
        finally:
            if self._database is not None:
                # The server's worker is forked, and opens its own connections.
                await self._database.close()

    async def complete(self) -> None:
        """Wait until everything has passed."""
        for name, check in tuple(self._pending.items()):
            await wait_for(name, check)
            del self._pending[name]

    async def _verify(self, name: str) -> None:
        if name in self._pending:
            raise Pending

    async def _find_tables(self, database: Database) -> None:
        await self._verify("tables")
        await check_tables(database)


def _own_checks(database: Database | None) -> dict[str, Check]:
    if database is None:
        return {}
    return {
        "database": database.ping,
        "schema": partial(check_schema, database),
        "tables": partial(check_tables, database),
    }


def _reason(error: Exception) -> str:
    """Return the first line of what the driver says, without a full stop."""
    return (str(getattr(error, "orig", None) or error).partition("\n")[0] or repr(error)).rstrip(".")

"""Tests of startup checks."""

import pytest

from ..db import dialect
from ..db.database import Database, DatabaseSettings
from ..serving.startup import StartupCheck, StartupRefused, check_connection


class Dependency:
    """A check that raises the error, if any."""

    def __init__(self, error: Exception | None) -> None:
        self.error = error
        self.calls = 0

    async def __call__(self) -> None:
        """Count the call."""
        self.calls += 1
        if self.error is not None:
            raise self.error


async def test_refusal_stops_the_start() -> None:
    """A check that fails keeps failing."""
    check = StartupCheck(Dependency(StartupRefused("no")))
    for make in (check.at_start, check.verify, check.at_start):
        with pytest.raises(StartupRefused, match="no"):
            await make()


async def test_check_is_made_later_if_its_dependency_is_down() -> None:
    """The process starts, and is not ready until the check has passed; then it is not repeated."""
    dependency = Dependency(OSError("down"))
    check = StartupCheck(dependency)
    await check.at_start()
    with pytest.raises(OSError, match="down"):
        await check.verify()
    dependency.error = None
    for _ in range(3):
        await check.verify()
    assert dependency.calls == 3


async def test_a_database_that_cannot_be_connected_to_is_explained() -> None:
    """The message is one line, and names the setting."""
    database = Database(DatabaseSettings(database_url=f"{dialect.DRIVER}://shop@127.0.0.1:1/shop"))
    with pytest.raises(StartupRefused, match=r"Cannot connect to the database: .+\. Check DATABASE_URL\.$"):
        await check_connection(database)
    await database.close()

"""Tests of startup checks."""

import asyncio
import logging

import pytest

from ..db import dialect
from ..db.database import Database, DatabaseSettings
from ..http.health import Health
from ..serving import startup
from ..serving.startup import Startup, StartupRefused, check_connection


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


def pair(first: Dependency, second: Dependency) -> Startup:
    """Return the start of a program with a check and a step."""
    return Startup(None, {"first": first}, {"second": second})


async def test_refusal_stops_the_start() -> None:
    """A check that refuses keeps refusing; steps are not made before the program serves."""
    step = Dependency(None)
    start = pair(Dependency(StartupRefused("no")), step)
    for _ in range(2):
        with pytest.raises(StartupRefused, match="no"):
            await start.refuse()
    assert step.calls == 0


async def test_the_program_waits_and_says_for_what_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """It is ready by itself as soon as the checks have passed, in turn; then they are not repeated."""
    monkeypatch.setattr(startup, "FIRST_DELAY_SECONDS", 0.001)
    first, second = Dependency(OSError("down")), Dependency(None)
    start = pair(first, second)
    health = Health(start.required, {})
    await start.refuse()
    waiting = asyncio.create_task(start.complete())
    with caplog.at_level(logging.INFO, startup.__name__):
        while first.calls < 5:
            await asyncio.sleep(0)
            assert await health.ready() == (False, {"first": "pending", "second": "pending"})
        assert (second.calls, caplog.messages) == (0, ["Waiting for the first: down"])
        first.error = None
        await waiting
    assert caplog.messages[1:] == ["The wait for the first is over"]
    calls = first.calls
    await start.complete()
    assert await health.ready() == (True, {"first": "ok", "second": "ok"})
    assert (first.calls, second.calls) == (calls, 1)


async def test_a_database_that_cannot_be_connected_to_is_explained() -> None:
    """The message is one line, and names the setting."""
    database = Database(DatabaseSettings(database_url=f"{dialect.DRIVER}://shop@127.0.0.1:1/shop"))
    with pytest.raises(StartupRefused, match=r"Cannot connect to the database: .+\. Check DATABASE_URL\.$"):
        await check_connection(database)
    await database.close()


async def test_a_command_waits_for_the_database(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """After the given time, it refuses with the cause."""
    monkeypatch.setattr(startup, "FIRST_DELAY_SECONDS", 0.01)
    database = Database(DatabaseSettings(database_url=f"{dialect.DRIVER}://shop@127.0.0.1:1/shop"))
    with pytest.raises(StartupRefused, match="Cannot connect"):
        await check_connection(database, wait_seconds=1)
    assert [message.partition(":")[0] for message in caplog.messages] == ["Waiting for the database"]
    await database.close()

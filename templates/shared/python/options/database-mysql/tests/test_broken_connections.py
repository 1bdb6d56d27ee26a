"""Connections that the server has closed."""

from collections.abc import Callable
from contextlib import suppress
from operator import methodcaller

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from ..database import Database

_ID = sa.text("SELECT CONNECTION_ID()")


@pytest.mark.parametrize("mode", ["reading", "transaction", "snapshot"])
async def test_a_broken_connection_is_replaced(mode: str, connect: Callable[[], Database]) -> None:
    """At most one block fails, with an error that says so, and the connection returns to the pool."""
    database, other = connect(), connect()
    if database.engine.dialect.name == "sqlite":
        pytest.skip("TEST_DATABASE_URL names no server")
    block = methodcaller(mode)
    for _ in range(3):
        async with block(database) as connection:
            number = await connection.scalar(_ID)
        async with other.reading() as killer:
            await killer.execute(sa.text(f"KILL {number}"))
        with suppress(OperationalError):
            async with block(database) as connection:
                await connection.execute(_ID)
        async with block(database) as connection:
            assert await connection.scalar(_ID) != number
    assert database.connections.usage().in_use == 0

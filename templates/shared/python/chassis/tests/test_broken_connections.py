"""Connections that the server has closed."""

from collections.abc import Callable
from contextlib import suppress
from operator import methodcaller

import pytest
from sqlalchemy.exc import OperationalError

from ..db.database import Database
from .sessions import ID, end


@pytest.mark.parametrize("mode", ["reading", "transaction"])
async def test_a_broken_connection_is_replaced(mode: str, connect: Callable[[], Database]) -> None:
    """At most one block fails, with an error that says so, and the connection returns to the pool."""
    database, other = connect(), connect()
    if database.engine.dialect.name == "sqlite":
        pytest.skip("TEST_DATABASE_URL names no server")
    block = methodcaller(mode)
    for _ in range(3):
        async with block(database) as connection:
            number = await connection.scalar(ID)
        async with other.reading() as killer:
            await killer.execute(end(number))
        with suppress(OperationalError):
            async with block(database) as connection:
                await connection.execute(ID)
        async with block(database) as connection:
            assert await connection.scalar(ID) != number
    assert database.connections.usage().in_use == 0

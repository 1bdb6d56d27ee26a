"""The table of versions is found again, whatever the default schema has become."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from ..db import migrating
from ..db.database import Database


@pytest.mark.skipif(not migrating.metadata(), reason="no context with tables is on the path")
async def test_an_account_named_like_a_schema_migrates_twice(connect: Callable[[], Database]) -> None:
    """A schema with the name of the account becomes the default; the second run still finds the first."""
    database = connect()
    if database.engine.dialect.name == "sqlite":
        pytest.skip("TEST_DATABASE_URL names no server")
    async with database.engine.begin() as connection:
        account = await connection.scalar(sa.text("SELECT current_user"))
        await connection.execute(sa.text("CREATE SCHEMA AUTHORIZATION CURRENT_USER"))
    try:
        await migrating.upgrade(connect())
    finally:
        async with database.engine.begin() as connection:
            await connection.execute(sa.text(f'DROP SCHEMA "{account}"'))

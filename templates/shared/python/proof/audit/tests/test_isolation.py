"""An audit reads the database as of one moment."""

import os

import pytest
import sqlalchemy as sa

from chassis.db.database import Database, schema_of
from chassis.testing import create_tables

from ..isolation import one_moment

metadata = schema_of("audited")
fact = sa.Table("fact", metadata, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))


@pytest.mark.skipif("TEST_DATABASE_URL" not in os.environ, reason="the writer of SQLite waits for the audit")
async def test_rows_that_are_added_later_are_not_seen(database: Database) -> None:
    """All statements of one audit agree, however busy the shop is."""
    await create_tables(database, metadata)
    async with one_moment(database) as connection:
        assert (await connection.execute(sa.select(fact))).all() == []
        async with database.transaction() as transaction:
            await transaction.execute(fact.insert(), {"id": 1})
        assert (await connection.execute(sa.select(fact))).all() == []
    async with one_moment(database) as connection:
        assert (await connection.execute(sa.select(fact))).all() == [(1,)]

"""Tests of retries when a concurrent transaction stores the same key first."""

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from ..db.conflicts import retry_duplicates
from ..db.database import Database, schema_of
from ..testing import create_tables

metadata = schema_of("duplicates")
item = sa.Table("item", metadata, sa.Column("id", sa.Integer, primary_key=True, autoincrement=False))


class Items:
    """Items, of which one is stored already."""

    def __init__(self, database: Database) -> None:
        self.calls = 0
        self._database = database

    @retry_duplicates
    async def add(self, delete_before: int) -> None:
        """Add the item, which somebody else deletes before one of the calls."""
        self.calls += 1
        if self.calls == delete_before:
            async with self._database.transaction() as transaction:
                await transaction.execute(sa.delete(item))
        await self._add()

    async def _add(self) -> None:
        async with self._database.transaction() as transaction:
            await transaction.execute(sa.insert(item), {"id": 1})


@pytest.fixture
async def items(database: Database) -> Items:
    """Items with the key 1."""
    await create_tables(database, metadata)
    found = Items(database)
    await found.add(delete_before=0)
    found.calls = 0
    return found


async def test_a_taken_key_may_become_free(items: Items) -> None:
    """One retry is not enough if others keep storing and deleting the row."""
    await items.add(delete_before=4)
    assert items.calls == 4


async def test_a_key_that_stays_taken_is_an_error(items: Items) -> None:
    """The retries end."""
    with pytest.raises(IntegrityError):
        await items.add(delete_before=0)
    assert items.calls > 2

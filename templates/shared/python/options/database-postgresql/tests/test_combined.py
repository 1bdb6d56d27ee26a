"""Tests of which changes are combined into one statement; test_inserts.py tests what they do."""

from typing import Any

import pytest
import sqlalchemy as sa

from ..db import prepared as module
from ..db.combined import combine
from ..db.connections import Rows, prepared
from ..db.database import Database
from ..testing import SERVER

metadata = sa.MetaData(schema="combined")
box = sa.Table(
    "box",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("units", sa.BigInteger, nullable=False),
    sa.Column("color", sa.String(10), default=lambda: "blue"),
)
content = sa.Table("content", metadata, sa.Column("number", sa.Integer, primary_key=True))
TAKE = prepared(
    sa.update(box)
    .where(box.c.id == sa.bindparam("from_id"))
    .values(units=box.c.units - sa.bindparam("taken"))
)
ROWS: Rows = {box: [{"id": 1, "units": 2, "color": "red"}], content: [{"number": 1}, {"number": 2}]}


async def test_one_statement_for_several_tables(database: Database) -> None:
    """Asyncpg runs it directly, also after the UPDATE alone has been compiled."""
    if SERVER is None:
        pytest.skip("SQLite has no such statements; set TEST_DATABASE_URL")
    async with database.reading() as connection:
        TAKE.compile(dialect=connection.dialect)
        for update, parameters in ((None, {}), (TAKE, {"from_id": 1, "taken": 2})):
            combined = combine(connection, ROWS, update)
            assert combined is not None
            statement, values = combined
            found = module.find(statement, {**values, **parameters}, connection.dialect)
            assert found is not None
            assert found.text.count("INSERT INTO") == 2
            assert len(found.arguments) == 5 + len(parameters)


@pytest.mark.parametrize(
    "rows",
    [
        {},
        {box: []},
        {content: [{"number": number} for number in range(9)]},
        {box: [{"id": 1, "units": 2}]},
    ],
    ids=["no table", "no row", "many rows", "a default of Python"],
)
async def test_other_changes_are_not_combined(rows: dict[sa.Table, Any], database: Database) -> None:
    """Each number of rows is another statement, and a default that Python computes is new for each row."""
    async with database.reading() as connection:
        assert combine(connection, rows) is None

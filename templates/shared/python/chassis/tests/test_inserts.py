"""Tests of inserts into several tables, which have the same effect on every database."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from ..db.connections import Rows, prepared
from ..db.database import Database, schema_of
from ..db.inserts import insert_rows, update_and_insert
from ..testing import create_tables

metadata = schema_of("inserts")
box = sa.Table(
    "box",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("units", sa.BigInteger, nullable=False),
    sa.Column("color", sa.String(10), nullable=False, default=lambda: "blue"),
)
content = sa.Table(
    "content",
    metadata,
    sa.Column("box_id", sa.ForeignKey(box.c.id), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("note", sa.String(10)),
)
empty = sa.Table("empty", metadata, sa.Column("id", sa.Integer, primary_key=True))
TAKE = prepared(
    sa.update(box)
    .where(box.c.id == sa.bindparam("from_id"), box.c.units >= sa.bindparam("taken", type_=sa.BigInteger))
    .values(units=box.c.units - sa.bindparam("taken", type_=sa.BigInteger))
)


@pytest.fixture(autouse=True)
async def _tables(database: Database) -> None:
    await create_tables(database, metadata)


def rows(box_id: int, contents: int, **more: Any) -> Rows:
    """Return a box with contents."""
    return {
        box: [{"id": box_id, "units": 10, **more}],
        empty: [],
        content: [{"box_id": box_id, "number": number, "note": None} for number in range(contents)],
    }


async def stored(database: Database) -> tuple[list[Any], int]:
    """Return the boxes, and the number of contents."""
    async with database.reading() as connection:
        boxes = (await connection.execute(sa.select(box).order_by(box.c.id))).all()
        return [tuple(each) for each in boxes], len((await connection.execute(sa.select(content))).all())


@pytest.mark.parametrize("contents", [0, 1, 3, 50])
async def test_rows_of_several_tables(database: Database, contents: int) -> None:
    """Few rows and many are stored, with the tables that they refer to, and twice in one transaction."""
    async with database.transaction() as transaction:
        await insert_rows(transaction, rows(1, contents, color="red"))
        await insert_rows(transaction, rows(2, contents, color="green"))
    assert await stored(database) == ([(1, 10, "red"), (2, 10, "green")], 2 * contents)


async def test_no_rows(database: Database) -> None:
    """Without rows, nothing is inserted."""
    async with database.transaction() as transaction:
        await insert_rows(transaction, {box: []})
        await insert_rows(transaction, rows(1, 0))
        assert await update_and_insert(transaction, TAKE, {"from_id": 1, "taken": 1}, {empty: []})
    assert await stored(database) == ([(1, 9, "blue")], 0)


async def test_defaults_of_columns(database: Database) -> None:
    """A default that is computed in Python fills what the rows leave out."""
    async with database.transaction() as transaction:
        await insert_rows(transaction, rows(1, 1))
        assert await update_and_insert(transaction, TAKE, {"from_id": 1, "taken": 4}, rows(2, 1))
    assert await stored(database) == ([(1, 6, "blue"), (2, 10, "blue")], 2)


async def test_rows_are_inserted_if_the_update_changes_a_row(database: Database) -> None:
    """An UPDATE that finds no row inserts none."""
    async with database.transaction() as transaction:
        await insert_rows(transaction, rows(1, 0, color="red"))
        for taken, box_id, contents, changed in ((7, 2, 2, True), (7, 3, 2, False), (3, 4, 20, True)):
            parameters = {"from_id": 1, "taken": taken}
            added = rows(box_id, contents, color="red")
            assert await update_and_insert(transaction, TAKE, parameters, added) is changed
    boxes, contents = await stored(database)
    assert [(each[0], each[1]) for each in boxes] == [(1, 0), (2, 10), (4, 10)]
    assert contents == 22


async def test_errors_undo_the_transaction(database: Database) -> None:
    """A row that exists, and one without the row that it refers to, raise IntegrityError."""
    async with database.transaction() as transaction:
        await insert_rows(transaction, rows(1, 1, color="red"))
    for added in (rows(1, 1, color="red"), {content: [{"box_id": 9, "number": 1, "note": "x"}]}):
        with pytest.raises(IntegrityError):
            async with database.transaction() as transaction:
                await update_and_insert(transaction, TAKE, {"from_id": 1, "taken": 1}, added)
        with pytest.raises(IntegrityError):
            async with database.transaction() as transaction:
                await insert_rows(transaction, added)
    assert await stored(database) == ([(1, 10, "red")], 1)

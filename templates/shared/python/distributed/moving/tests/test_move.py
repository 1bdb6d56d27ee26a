"""Tests of the move, from the server in TEST_DATABASE_URL to the one in TEST_TARGET_DATABASE_URL."""

import asyncio
import os
import re
import secrets
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any
from uuid import UUID, uuid4

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from ... import dialect
from ...columns import UtcDateTime
from ...conflicts import lacks_table
from ...database import NAMES, Database, DatabaseSettings
from ...schema import ARRIVING, MOVED
from ..comparing import Comparing
from ..move import Move, MoveRefused, moving
from ..tables import MovingTable

SERVERS = [os.environ.get(name) for name in ("TEST_DATABASE_URL", "TEST_TARGET_DATABASE_URL")]

pytestmark = pytest.mark.skipif(None in SERVERS, reason="needs two database servers")

SCHEMA = "library"
metadata = sa.MetaData(SCHEMA, naming_convention=NAMES)
shelf = sa.Table(
    "shelf",
    metadata,
    sa.Column("id", sa.Uuid, primary_key=True),
    sa.Column("label", sa.String(20), nullable=False, unique=True),
    sa.Column("tags", sa.JSON, nullable=False),
    sa.Column("built_at", UtcDateTime),
)
# It has keys of several columns, a number from the database, and a parent whose rows are copied before.
book = sa.Table(
    "book",
    metadata,
    sa.Column("shelf_id", sa.Uuid, sa.ForeignKey(shelf.c.id), primary_key=True),
    sa.Column("order", sa.String(20), primary_key=True),
    sa.Column("cover", sa.LargeBinary(100)),
)
loan = sa.Table(
    "loan",
    metadata,
    sa.Column("position", sa.BigInteger, primary_key=True),
    sa.Column("reader", sa.String(20), nullable=False),
)
# Another copy, because the move changes what it knows of foreign keys.
migrated = sa.MetaData(SCHEMA, naming_convention=NAMES)
for table in metadata.sorted_tables:
    table.to_metadata(migrated)


class Library:
    """A source with rows, and an empty target."""

    def __init__(self, source: Database, target: Database) -> None:
        self.source = source
        self.target = target
        self.reports: list[str] = []

    async def run(self, *steps: Callable[[Move], Any], batch: int = 3) -> None:
        """Take steps of a move with small batches, each on new connections, as a new process has."""
        for step in steps:
            async with moving(self.source, self.target, [metadata], self.reports.append, batch) as move:
                await step(move)

    async def write(self, *statements: sa.Executable) -> None:
        """Run statements in a transaction of the source."""
        async with self.source.transaction() as transaction:
            for statement in statements:
                await transaction.execute(statement)

    async def rows(self, database: Database) -> dict[sa.Table, list[Any]]:
        """Return the rows of each table."""
        async with database.engine.connect() as connection:
            return {
                table: [tuple(row) for row in await connection.execute(sa.select(table).order_by(*keys))]
                for table in metadata.sorted_tables
                for keys in [table.primary_key]
            }

    async def shelves(self) -> list[UUID]:
        """Return the ids of the shelves of the source."""
        return [row[0] for row in (await self.rows(self.source))[shelf]]

    async def names(self, database: Database) -> set[str]:
        """Return the names of the tables in the schema."""
        tables = sa.table("tables", sa.column("table_name"), sa.column("table_schema"))
        tables.schema = "information_schema"
        found = sa.select(tables.c.table_name).where(tables.c.table_schema == SCHEMA)
        async with database.engine.connect() as connection:
            return {name for (name,) in await connection.execute(found)}


def new_shelf(label: str, id: UUID | None = None) -> sa.Insert:
    """Return the INSERT of a shelf."""
    built = datetime(2026, 3, 1, 12, 30, 15, 123456, tzinfo=UTC)
    return sa.insert(shelf).values(id=id or uuid4(), label=label, tags=["a", "ü"], built_at=built)


@pytest.fixture
async def library() -> AsyncIterator[Library]:
    """A source with 20 shelves, books and loans, and a target that is migrated."""
    name = f"test_{secrets.token_hex(4)}"
    opened = []
    for server, database in zip(SERVERS, (name, f"{name}_target"), strict=True):
        assert server is not None
        await _execute(server, f"CREATE DATABASE {database}")
        url = sa.make_url(server).set(database=database).render_as_string(hide_password=False)
        opened.append(Database(DatabaseSettings(database_url=url)))
        async with opened[-1].engine.begin() as connection:
            await connection.execute(sa.text(f"CREATE SCHEMA {SCHEMA}{dialect.SCHEMA_OPTIONS}"))
            await connection.run_sync(migrated.create_all)
    source, target = opened
    library = Library(source, target)
    ids = [uuid4() for _ in range(20)]
    new_book = sa.insert(book).values(cover=b"\x00\xff")
    await library.write(
        *(new_shelf(f"s{number}", id) for number, id in enumerate(ids)),
        *(new_book.values(shelf_id=id, order=f"b{number}") for id in ids for number in range(3)),
        *(sa.insert(loan).values(reader=f"r{number}") for number in range(20)),
    )
    yield library
    for server, database, each in zip(SERVERS, (name, f"{name}_target"), opened, strict=True):
        assert server is not None
        await each.close()
        for statement in dialect.drop_database(database, [SCHEMA]):
            await _execute(server, statement)


async def _execute(server: str, statement: str) -> None:
    database = Database(DatabaseSettings(database_url=server))
    async with database.engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        await connection.execute(sa.text(statement))
    await database.close()


async def test_all_rows_move_and_new_ones_follow(library: Library) -> None:
    """After the switch, only the target has the tables, with their rows, constraints and next numbers."""
    before = await library.rows(library.source)
    await library.run(Move.copy, Move.switch)
    assert await library.rows(library.target) == before
    assert await library.names(library.target) == {"shelf", "book", "loan"}
    async with library.target.transaction() as transaction:
        await transaction.execute(sa.insert(loan).values(reader="next"))
    numbers = [row[0] for row in (await library.rows(library.target))[loan]]
    assert numbers == sorted(set(numbers))
    with pytest.raises(sa.exc.DBAPIError):
        async with library.target.transaction() as transaction:
            await transaction.execute(sa.insert(book).values(shelf_id=uuid4(), order="b"))


async def test_changes_during_the_copy_arrive(library: Library) -> None:
    """Rows that are added, changed or deleted after they were copied, and new keys, arrive as they are."""
    await library.run(Move.copy)
    first, second, third, *_ = await library.shelves()
    other = uuid4()
    await library.write(
        new_shelf("new", other),
        sa.update(shelf).where(shelf.c.id == first).values(tags=[]),
        sa.delete(book).where(book.c.shelf_id == second),
        sa.delete(shelf).where(shelf.c.id == second),
        sa.update(book).where(book.c.shelf_id == third).values(shelf_id=other),
        sa.delete(loan),
    )
    before = await library.rows(library.source)
    await library.run(Move.switch)
    assert await library.rows(library.target) == before


async def test_unique_values_change_owners(library: Library) -> None:
    """Rows that exchange a unique value arrive, although one at a time would violate the constraint."""
    await library.run(Move.copy)
    for label, (one, two) in enumerate(pairwise(await library.shelves())):
        await library.write(
            sa.update(shelf).where(shelf.c.id == one).values(label=f"free{label}"),
            sa.update(shelf).where(shelf.c.id == two).values(label=f"x{label}"),
            sa.update(shelf).where(shelf.c.id == one).values(label=f"s{label + 100}"),
            sa.update(shelf).where(shelf.c.id == two).values(label=f"free{label}"),
        )
    before = await library.rows(library.source)
    await library.run(Move.switch)
    assert await library.rows(library.target) == before


async def test_writers_lose_nothing(library: Library) -> None:
    """What concurrent transactions have committed arrives; after the switch, they find no table."""
    committed, done = set[str](), asyncio.Event()

    async def write(writer: int) -> None:
        number = 0
        while not done.is_set():
            try:
                await library.write(new_shelf(label := f"w{writer}-{number}"))
                committed.add(label)
            except DBAPIError as error:
                if not lacks_table(error):
                    raise
                done.set()
            number += 1

    async def step() -> None:
        await library.run(Move.copy, Move.copy, Move.switch, batch=100)

    await asyncio.gather(step(), *map(write, range(4)))
    assert len(committed) > 10
    labels = {row[1] for row in (await library.rows(library.target))[shelf]}
    assert committed <= labels
    assert len(labels) == len(committed) + 20


async def test_open_transactions_are_waited_for(library: Library) -> None:
    """The switch tries again until it gets its locks, and has what the transaction has written."""
    await library.run(Move.copy)
    async with library.source.transaction() as transaction:
        await transaction.execute(new_shelf("late"))
        switch = asyncio.create_task(library.run(Move.switch))
        # Longer than one attempt.
        await asyncio.sleep(1.5)
        assert not switch.done()
    await switch
    assert "late" in {row[1] for row in (await library.rows(library.target))[shelf]}


async def test_locks_in_the_target_are_waited_for(library: Library) -> None:
    """An autovacuum may have begun with the rows that were copied."""
    await library.run(Move.copy)
    async with library.target.transaction() as transaction:
        await transaction.execute(sa.select(MovingTable(shelf).named(ARRIVING)).limit(1))
        switch = asyncio.create_task(library.run(Move.switch))
        # Longer than the source would wait.
        await asyncio.sleep(2)
        assert not switch.done()
    await switch
    assert await library.names(library.target) == {"shelf", "book", "loan"}


async def test_a_move_back_restores_the_start(library: Library) -> None:
    """After `finish` and a new migration, the tables can move back."""
    before = await library.rows(library.source)
    await library.run(Move.copy, Move.switch, Move.finish)
    assert await library.names(library.source) == set()
    async with library.source.engine.begin() as connection:
        await connection.execute(sa.text(f"CREATE SCHEMA {SCHEMA}{dialect.SCHEMA_OPTIONS}"))
        await connection.run_sync(migrated.create_all)
    back = Library(library.target, library.source)
    await back.run(Move.copy, Move.switch)
    assert await back.rows(back.target) == before


async def test_a_roll_back_leaves_the_source_as_it_was(library: Library) -> None:
    """It removes triggers and logs from the source, and the copy from the target."""
    before = await library.rows(library.source)
    await library.run(Move.copy, Move.roll_back)
    assert await library.rows(library.source) == before
    assert await library.names(library.source) == {"shelf", "book", "loan"}
    assert await library.names(library.target) == set()
    await library.write(new_shelf("after"))
    await library.run(Move.roll_back)


class Killed(BaseException):
    """The end of a process."""


class Killer:
    """Ends a process before one of its statements: after `in_statements`, unless that is 0."""

    def __init__(self, *databases: Database) -> None:
        self.in_statements = 0
        for database in databases:
            sa.event.listen(database.engine.sync_engine, "before_cursor_execute", self._count)

    def _count(self, *_: object) -> None:
        if self.in_statements:
            self.in_statements -= 1
            if not self.in_statements:
                raise Killed


@pytest.mark.parametrize("ending", [Move.switch, Move.roll_back])
async def test_each_step_can_be_interrupted_anywhere(library: Library, ending: Callable[[Move], Any]) -> None:
    """A process that is killed before any of its statements can be run again, although rows change."""
    killer, number = Killer(library.source, library.target), 0
    for step in (Move.copy, ending):
        while True:
            number += 1
            # Earlier steps are short when they are repeated, so kill the process later each time.
            killer.in_statements = number
            try:
                await library.run(step)
            except Killed:
                if "shelf" in await library.names(library.source):
                    await library.write(
                        new_shelf(f"new{number}"), sa.delete(loan).where(loan.c.position == number)
                    )
            except MoveRefused as refusal:
                # A busy server notices late that a connection with a lock is gone.
                if not re.search("Another move|same database", str(refusal)):
                    raise
                await asyncio.sleep(0.1)
                number -= 1
            else:
                break
    killer.in_statements = 0
    kept = library.target if ending is Move.switch else library.source
    rows = await library.rows(kept)
    assert sum(row[1].startswith("new") for row in rows[shelf]) > 10
    assert len(rows[loan]) < 20
    assert await library.names(kept) == {"shelf", "book", "loan"}


async def test_only_changed_rows_are_compared_when_closed(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All others were compared in use, so the time without tables does not grow with their number of rows."""
    compare, closed = Comparing.compare_in_use, list[str]()
    changed, *_ = await library.shelves()

    async def compare_then_change(comparing: Comparing) -> None:
        await compare(comparing, rows=7)
        await library.write(sa.update(shelf).where(shelf.c.id == changed).values(tags=[]))

    def record(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if closed or f" TO {MOVED}" in statement.replace('"', "").replace("`", "").replace(f"{SCHEMA}.", ""):
            closed.append(statement)

    monkeypatch.setattr(Comparing, "compare_in_use", compare_then_change)
    sa.event.listen(library.source.engine.sync_engine, "before_cursor_execute", record)
    await library.run(Move.copy, Move.switch)
    assert len(closed) > 1
    compared = [statement for statement in closed if "count(" in statement]
    assert len(compared) == 1
    assert "shelf" in compared[0]
    assert " IN " in compared[0]


async def test_different_rows_reopen_the_source(library: Library) -> None:
    """If a row of the target was changed by hand, the switch is refused, and the source stays in use."""
    await library.run(Move.copy)
    async with library.target.engine.begin() as connection:
        arriving = MovingTable(loan).named(ARRIVING)
        await connection.execute(sa.update(arriving).where(arriving.c.position == 5).values(reader="me"))
    with pytest.raises(MoveRefused, match=r"these tables differ: library\.loan"):
        await library.run(Move.switch)
    await library.write(new_shelf("open"))


async def test_steps_out_of_order_are_refused(library: Library) -> None:
    """Each refusal says what to do."""
    with pytest.raises(MoveRefused, match="Run `copy` first"):
        await library.run(Move.switch)
    with pytest.raises(MoveRefused, match="Run `switch` first"):
        await library.run(Move.finish)
    await library.run(Move.copy, Move.switch, Move.switch)
    with pytest.raises(MoveRefused, match="Run `switch` again"):
        await library.run(Move.copy)
    with pytest.raises(MoveRefused, match="Move the tables back"):
        await library.run(Move.roll_back)
    with pytest.raises(MoveRefused, match="Run its step `finish` first"):
        await Library(library.target, library.source).run(Move.copy)


async def test_a_used_target_is_refused(library: Library) -> None:
    """Rows of the target are never replaced."""
    async with library.target.transaction() as transaction:
        await transaction.execute(new_shelf("mine"))
    with pytest.raises(MoveRefused, match=r"library\.shelf of the target has rows"):
        await library.run(Move.copy)


async def test_one_move_at_a_time(library: Library) -> None:
    """A second move is refused, and so is one whose two URLs lead to the same database."""
    async with moving(library.source, library.target, [metadata]):
        with pytest.raises(MoveRefused, match="Another move"):
            await library.run(Move.copy)
    with pytest.raises(MoveRefused, match="the same database"):
        await Library(library.source, library.source).run(Move.copy)

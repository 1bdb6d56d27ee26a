"""Every database gives the same results for SQLAlchemy's constructs; each runs on the test's database."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, IntegrityError, MultipleResultsFound, NoResultFound

from ..db.columns import UtcDateTime
from ..db.connections import Connection, prepared
from ..db.database import Database


class Size(Enum):
    """An enumeration that is stored by name."""

    SMALL = 1
    LARGE = 2


metadata = sa.MetaData()
item = sa.Table(
    "parity_item",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("note", sa.String(50)),
    sa.Column("units", sa.Integer, nullable=False, default=7),
    sa.Column("code", sa.String(20), nullable=False, default=lambda: "computed"),
    sa.Column("place", sa.Integer, nullable=False, server_default="5"),
    sa.UniqueConstraint("kind", "units"),
)
tag = sa.Table(
    "parity_tag",
    metadata,
    sa.Column("item_id", sa.ForeignKey(item.c.id), primary_key=True),
    sa.Column("name", sa.String(20), primary_key=True),
)
value = sa.Table(
    "parity_value",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("numeric", sa.Numeric(12, 4)),
    sa.Column("float", sa.Double),
    sa.Column("small", sa.SmallInteger),
    sa.Column("big", sa.BigInteger),
    sa.Column("flag", sa.Boolean),
    sa.Column("json", sa.JSON),
    sa.Column("uuid", sa.Uuid),
    sa.Column("datetime", sa.DateTime),
    sa.Column("utc", UtcDateTime),
    sa.Column("date", sa.Date),
    sa.Column("time", sa.Time),
    sa.Column("interval", sa.Interval),
    sa.Column("enum", sa.Enum(Size, name="parity_size")),
    sa.Column("binary", sa.LargeBinary(1000)),
    sa.Column("text", sa.Text),
)
VALUES = {
    "numeric": Decimal("12345678.1250"),
    "float": 0.1,
    "small": -3,
    "big": 2**62,
    "flag": True,
    "json": {"a": [1, None, "é"], "b": {"c": 1.5}},
    "uuid": UUID(int=77),
    "datetime": datetime(2024, 2, 29, 12, 30, 1, 250),
    "utc": datetime(2024, 2, 29, 12, 30, 1, 250, tzinfo=UTC),
    "date": date(2024, 2, 29),
    "time": time(23, 59, 1),
    "interval": timedelta(days=2, seconds=3),
    "enum": Size.LARGE,
    "binary": b"\x00\xff'",
    "text": "it's é %s :x $1",
}
ITEMS = [
    {"id": 1, "kind": "chair", "note": None, "units": 4, "code": "a"},
    {"id": 2, "kind": "chair", "note": "100%_new", "units": 6, "code": "b"},
    {"id": 3, "kind": "table", "note": "Old", "units": 1, "code": "c"},
    {"id": 4, "kind": "lamp", "note": "", "units": 9, "code": "d"},
]
TAGS = [{"item_id": 1, "name": "red"}, {"item_id": 1, "name": "wood"}, {"item_id": 3, "name": "wood"}]


@dataclass(frozen=True, slots=True)
class Case:
    """A construct, and the rows or the value that it gives on every database."""

    name: str
    statement: Any
    expected: Any
    parameters: Any = None


i, t = item.c, tag.c
older = item.alias("older")
_count = sa.select(i.kind, sa.func.count().label("n")).group_by(i.kind)
_totals = sa.select(i.kind, sa.func.sum(i.units).label("total")).group_by(i.kind).cte("totals")
_tagged = sa.select(t.item_id)
_ids: sa.BindParameter[Any] = sa.bindparam("ids", expanding=True)

READS = [
    Case("where", sa.select(i.id).where(i.kind == "chair", i.units > 4), [(2,)]),
    Case("bound parameter", sa.select(i.id).where(i.id == sa.bindparam("wanted")), [(3,)], {"wanted": 3}),
    Case("parameter with a value", sa.select(i.id).where(i.id == sa.bindparam("wanted", 4)), [(4,)]),
    Case("or and not", sa.select(i.id).where(sa.or_(i.id == 1, ~(i.id < 4))).order_by(i.id), [(1,), (4,)]),
    Case("between", sa.select(i.id).where(i.units.between(4, 6)).order_by(i.id), [(1,), (2,)]),
    Case("in", sa.select(i.id).where(i.id.in_([1, 3])).order_by(i.id), [(1,), (3,)]),
    Case("in nothing", sa.select(i.id).where(i.id.in_([])), []),
    Case("not in", sa.select(i.id).where(i.id.not_in([1, 3])).order_by(i.id), [(2,), (4,)]),
    Case("not in nothing", sa.select(sa.func.count()).select_from(item).where(i.id.not_in([])), [(4,)]),
    Case(
        "in a parameter", sa.select(i.id).where(i.id.in_(_ids)).order_by(i.id), [(2,), (4,)], {"ids": [4, 2]}
    ),
    Case("in an empty parameter", sa.select(i.id).where(i.id.in_(_ids)), [], {"ids": []}),
    Case("not in a parameter", sa.select(i.id).where(i.id.not_in(_ids)), [(1,)], {"ids": [2, 3, 4]}),
    Case("in a subquery", sa.select(i.id).where(i.id.in_(_tagged)).order_by(i.id), [(1,), (3,)]),
    Case("not in a subquery", sa.select(i.id).where(i.id.not_in(_tagged)).order_by(i.id), [(2,), (4,)]),
    Case(
        "in tuples",
        sa.select(i.id).where(sa.tuple_(i.kind, i.units).in_([("chair", 4), ("lamp", 9)])).order_by(i.id),
        [(1,), (4,)],
    ),
    Case("is null", sa.select(i.id).where(i.note.is_(None)), [(1,)]),
    Case("is not null", sa.select(sa.func.count(i.note)), [(3,)]),
    Case("equal to null", sa.select(i.id).where(i.note == sa.null()), [(1,)]),
    Case("coalesce", sa.select(sa.func.coalesce(i.note, "none")).where(i.id == 1), [("none",)]),
    Case(
        "case",
        sa.select(sa.case((i.units > 5, "many"), else_="few")).order_by(i.id).limit(2),
        [("few",), ("many",)],
    ),
    Case("cast to integer", sa.select(sa.cast(sa.literal("12"), sa.Integer)), [(12,)]),
    Case("cast to text", sa.select(sa.cast(i.units, sa.String(5))).where(i.id == 1), [("4",)]),
    Case(
        "cast to numeric",
        sa.select(sa.cast(i.units, sa.Numeric(6, 2))).where(i.id == 1),
        [(Decimal("4.00"),)],
    ),
    Case("literal", sa.select(sa.literal("it's"), sa.literal(3)), [("it's", 3)]),
    Case("arithmetic", sa.select(i.units * 2 - 1, i.units % 4).where(i.id == 2), [(11, 2)]),
    Case("division", sa.select(i.units / 4).where(i.id == 2), [(Decimal("1.5"),)]),
    Case("label", sa.select(i.units.label("left")).order_by(sa.desc("left")).limit(1), [(9,)]),
    Case("concatenate", sa.select(i.kind + "-" + i.code).where(i.id == 1), [("chair-a",)]),
    Case("like", sa.select(i.id).where(i.kind.like("%a%")).order_by(i.id), [(1,), (2,), (3,), (4,)]),
    Case("like with an escape", sa.select(i.id).where(i.note.contains("%_", autoescape=True)), [(2,)]),
    Case("ilike", sa.select(i.id).where(i.note.ilike("oL%")), [(3,)]),
    Case("starts with", sa.select(i.id).where(i.kind.startswith("la")), [(4,)]),
    Case(
        "lower and length",
        sa.select(sa.func.lower(i.note), sa.func.length(i.note)).where(i.id == 3),
        [("old", 3)],
    ),
    Case("exists", sa.select(i.id).where(sa.exists().where(t.item_id == i.id)).order_by(i.id), [(1,), (3,)]),
    Case(
        "not exists",
        sa.select(sa.func.count()).where(~sa.exists().where(t.item_id == i.id)).select_from(item),
        [(2,)],
    ),
    Case(
        "join",
        sa.select(i.id, t.name).join_from(item, tag).order_by(i.id, t.name),
        [(1, "red"), (1, "wood"), (3, "wood")],
    ),
    Case(
        "outer join",
        sa.select(i.id, t.name).join_from(item, tag, isouter=True).where(i.id > 2).order_by(i.id),
        [(3, "wood"), (4, None)],
    ),
    Case(
        "self join",
        sa.select(i.id, older.c.id).join_from(item, older, (older.c.kind == i.kind) & (older.c.id < i.id)),
        [(2, 1)],
    ),
    Case("group by and having", _count.having(sa.func.count() > 1), [("chair", 2)]),
    Case(
        "count, sum, min, max",
        sa.select(sa.func.count(), sa.func.sum(i.units), sa.func.min(i.units), sa.func.max(i.units)),
        [(4, 20, 1, 9)],
    ),
    Case("average", sa.select(sa.func.avg(i.units)), [(5,)]),
    Case("sum of nothing", sa.select(sa.func.sum(i.units)).where(i.id == 0), [(None,)]),
    Case(
        "order descending", sa.select(i.id).order_by(i.kind.desc(), i.units.desc()), [(3,), (4,), (2,), (1,)]
    ),
    Case("limit and offset", sa.select(i.id).order_by(i.id).limit(2).offset(1), [(2,), (3,)]),
    Case("limit by a parameter", sa.select(i.id).order_by(i.id).limit(sa.bindparam("n")), [(1,)], {"n": 1}),
    Case("distinct", sa.select(i.kind).distinct().order_by(i.kind), [("chair",), ("lamp",), ("table",)]),
    Case("count distinct", sa.select(sa.func.count(i.kind.distinct())), [(3,)]),
    Case("subquery", sa.select(sa.func.max(_count.subquery().c.n)), [(2,)]),
    Case("scalar subquery", sa.select(sa.select(sa.func.max(i.units)).scalar_subquery()), [(9,)]),
    Case("common table expression", sa.select(_totals.c.kind).where(_totals.c.total == 10), [("chair",)]),
    Case(
        "union",
        sa.union(sa.select(i.id).where(i.id == 1), sa.select(i.id).where(i.id < 3)).order_by("id"),
        [(1,), (2,)],
    ),
    Case(
        "union all",
        sa.union_all(sa.select(i.id).where(i.id == 1), sa.select(i.id).where(i.id == 1)),
        [(1,), (1,)],
    ),
    Case(
        "window function",
        sa.select(i.id, sa.func.row_number().over(partition_by=i.kind, order_by=i.units)).order_by(i.id),
        [(1, 1), (2, 2), (3, 1), (4, 1)],
    ),
    Case(
        "text", sa.text("SELECT id, kind FROM parity_item WHERE id = :wanted"), [(2, "chair")], {"wanted": 2}
    ),
    Case(
        "text with types",
        sa.text("SELECT id FROM parity_item WHERE id < 2").columns(sa.column("id", sa.Integer)),
        [(1,)],
    ),
    Case("for update", sa.select(i.id).where(i.id == 1).with_for_update(), [(1,)]),
    Case("skip locked", sa.select(i.id).where(i.id == 1).with_for_update(skip_locked=True), [(1,)]),
    Case(
        "columns of one name", sa.select(i.id, older.c.id).where(i.id == 1, older.c.id == i.id + 1), [(1, 2)]
    ),
    Case("true and false", sa.select(sa.true(), sa.false()), [(True, False)]),
]

# Each statement changes rows; the rows that the query finds afterwards are expected.
_ITEMS = sa.select(i.id, i.kind, i.units).order_by(i.id)
_NEW = {"id": 9, "kind": "desk"}
_STORED = [(1, "chair", 4), (2, "chair", 6), (3, "table", 1), (4, "lamp", 9)]
WRITES = [
    Case("insert", item.insert(), [*_STORED, (9, "desk", 2)], _NEW | {"units": 2, "code": "x"}),
    Case("insert values", item.insert().values(id=9, kind="desk", units=2), [*_STORED, (9, "desk", 2)]),
    Case("insert with Python's defaults", item.insert(), [*_STORED, (9, "desk", 7)], _NEW),
    Case(
        "insert many",
        item.insert(),
        [*_STORED, (8, "desk", 1), (9, "desk", 2)],
        [
            {"id": 8, "kind": "desk", "units": 1, "code": "x"},
            {"id": 9, "kind": "desk", "units": 2, "code": "x"},
        ],
    ),
    Case(
        "insert many with defaults",
        item.insert(),
        [*_STORED, (8, "desk", 7), (9, "bed", 7)],
        [{"id": 8, "kind": "desk"}, {"id": 9, "kind": "bed"}],
    ),
    Case(
        "insert rows in one statement",
        item.insert().values([{"id": 8, "kind": "desk", "units": 1}, {"id": 9, "kind": "desk", "units": 2}]),
        [*_STORED, (8, "desk", 1), (9, "desk", 2)],
    ),
    Case(
        "insert from select",
        item.insert().from_select(
            ["id", "kind", "units"], sa.select(i.id + 5, sa.literal("copy"), i.units).where(i.id == 4)
        ),
        [*_STORED, (9, "copy", 9)],
    ),
    Case("update", item.update().where(i.id == 1).values(units=3), [(1, "chair", 3), *_STORED[1:]]),
    Case(
        "update with parameters",
        item.update().where(i.id == sa.bindparam("wanted")).values(units=sa.bindparam("new_units")),
        [(1, "chair", 3), *_STORED[1:]],
        {"wanted": 1, "new_units": 3},
    ),
    Case(
        "update with an expression",
        item.update().where(i.kind == "chair").values(units=i.units + 10),
        [(1, "chair", 14), (2, "chair", 16), *_STORED[2:]],
    ),
    Case(
        "update many",
        item.update().where(i.id == sa.bindparam("wanted")).values(units=sa.bindparam("new_units")),
        [(1, "chair", 3), (2, "chair", 5), *_STORED[2:]],
        [{"wanted": 1, "new_units": 3}, {"wanted": 2, "new_units": 5}],
    ),
    Case(
        "update from a subquery",
        item.update()
        .where(i.id == 1)
        .values(units=sa.select(sa.func.count()).select_from(tag).scalar_subquery()),
        [(1, "chair", 3), *_STORED[1:]],
    ),
    Case("update to null", item.update().where(i.note.is_not(None)).values(note=None), _STORED),
    Case("delete", item.delete().where(i.id == 4), _STORED[:3]),
    Case("delete in a subquery", item.delete().where(i.id.not_in(_tagged), i.id != 2), _STORED[:3]),
    Case("delete in a parameter", item.delete().where(i.id.in_(_ids)), _STORED[:3], {"ids": [4]}),
]


@pytest.fixture
async def tables(database: Database) -> AsyncIterator[Database]:
    """The database with the tables of this module, filled."""
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.drop_all)
        await connection.run_sync(metadata.create_all)
    async with database.transaction() as transaction:
        await transaction.execute(item.insert(), ITEMS)
        await transaction.execute(tag.insert(), TAGS)
    yield database
    async with database.engine.begin() as connection:
        await connection.run_sync(metadata.drop_all)


def marks(case: Case) -> list[Any]:
    """Return the statement as it is and marked as prepared, which must give the same results."""
    return [case.statement, prepared(case.statement)]


@pytest.mark.parametrize("case", READS, ids=lambda case: case.name)
async def test_reading(case: Case, tables: Database) -> None:
    """The same rows come back, in autocommit mode and in a transaction, marked as prepared or not."""
    for statement in marks(case):
        async with tables.reading() as connection:
            assert (await connection.execute(statement, case.parameters)).all() == case.expected
        async with tables.transaction() as transaction:
            assert (await transaction.execute(statement, case.parameters)).all() == case.expected
            first = case.expected[0][0] if case.expected else None
            assert await transaction.scalar(statement, case.parameters) == first


@pytest.mark.parametrize("case", WRITES, ids=lambda case: case.name)
async def test_writing(case: Case, tables: Database) -> None:
    """The same rows are stored, marked as prepared or not."""

    async def change_and_undo(statement: Any) -> None:
        async with tables.transaction() as transaction:
            await transaction.execute(statement, case.parameters)
            assert (await transaction.execute(_ITEMS)).all() == case.expected
            raise _UndoneError

    for statement in marks(case):
        with pytest.raises(_UndoneError):
            await change_and_undo(statement)
    async with tables.reading() as connection:
        assert (await connection.execute(_ITEMS)).all() == _STORED


class _UndoneError(Exception):
    """Rolls a transaction back."""


@pytest.mark.parametrize("mark", [lambda statement: statement, prepared], ids=["plain", "prepared"])
@pytest.mark.parametrize("name", VALUES)
async def test_type(name: str, mark: Callable[[Any], Any], tables: Database) -> None:
    """A value and NULL are stored, found by comparison, and read back as the same Python object."""
    column = value.c[name]
    async with tables.transaction() as transaction:
        await transaction.execute(
            mark(value.insert()), [{"id": 1, name: VALUES[name]}, {"id": 2, name: None}]
        )
        rows = (await transaction.execute(mark(sa.select(column).order_by(value.c.id)))).all()
        if name not in {"json", "float"}:
            same = mark(sa.select(value.c.id).where(column == sa.bindparam("same", type_=column.type)))
            assert (await transaction.execute(same, {"same": VALUES[name]})).all() == [(1,)]
    assert rows == [(VALUES[name],), (None,)]
    assert isinstance(rows[0][0], type(VALUES[name]))


async def test_defaults_of_columns(tables: Database) -> None:
    """A constant, a function and a default of the database fill what an INSERT leaves out."""
    async with tables.transaction() as transaction:
        await transaction.execute(prepared(item.insert()), {"id": 9, "kind": "desk"})
        found = sa.select(i.units, i.code, i.place, i.note).where(i.id == 9)
        assert (await transaction.execute(found)).one() == (7, "computed", 5, None)


async def test_rows_by_name_and_position(tables: Database) -> None:
    """A row has its columns as attributes, by position and as a mapping."""
    for statement in (_ITEMS, prepared(_ITEMS)):
        async with tables.reading() as connection:
            row = (await connection.execute(statement)).all()[0]
        assert (row.kind, row[2], tuple(row), row._mapping["id"]) == ("chair", 4, (1, "chair", 4), 1)
        assert row._asdict() == {"id": 1, "kind": "chair", "units": 4}


async def test_results_of_one_row(tables: Database) -> None:
    """`one` and its variants check the number of rows."""
    for statement in (_ITEMS, prepared(_ITEMS)):
        none, two = statement.where(i.id == 0), statement.where(i.kind == "chair")
        async with tables.reading() as connection:
            assert (await connection.execute(none)).one_or_none() is None
            assert await connection.scalar(none) is None
            assert (await connection.execute(statement.where(i.id == 3))).scalar_one() == 3
            with pytest.raises(NoResultFound):
                (await connection.execute(none)).one()
            with pytest.raises(MultipleResultsFound):
                (await connection.execute(two)).one_or_none()


async def test_affected_rows(tables: Database) -> None:
    """An UPDATE reports the rows that it found, even unchanged ones, and a DELETE those that it removed."""
    marks: list[Callable[[Any], Any]] = [lambda statement: statement, prepared]
    for mark in marks:
        async with tables.transaction() as transaction:
            unchanged = mark(item.update().where(i.kind == "chair").values(kind="chair"))
            assert (await transaction.execute(unchanged)).rowcount == 2
            assert (await transaction.execute(mark(item.delete().where(i.id == 0)))).rowcount == 0
            assert (await transaction.execute(mark(item.delete().where(i.id == 4)))).rowcount in {0, 1}


async def test_returning(tables: Database) -> None:
    """RETURNING gives the stored values where the database has it."""
    if not tables.engine.dialect.insert_returning:
        pytest.skip("this database has no INSERT ... RETURNING")
    async with tables.transaction() as transaction:
        added = prepared(item.insert().returning(i.id, i.units))
        assert (await transaction.execute(added, {"id": 9, "kind": "desk"})).one() == (9, 7)


@pytest.mark.parametrize("mark", [lambda statement: statement, prepared], ids=["plain", "prepared"])
@pytest.mark.parametrize(
    "row", [ITEMS[0], ITEMS[0] | {"id": 9}, {"id": 9, "kind": None, "units": 1, "code": "x"}], ids=str
)
async def test_integrity_errors(row: dict[str, Any], mark: Callable[[Any], Any], tables: Database) -> None:
    """A taken key, a unique constraint and NOT NULL raise IntegrityError, and the transaction is undone."""

    async def change() -> None:
        async with tables.transaction() as transaction:
            await transaction.execute(mark(item.delete().where(i.id == 4)))
            await transaction.execute(mark(item.insert()), row)

    with pytest.raises(IntegrityError):
        await change()
    async with tables.reading() as connection:
        assert (await connection.execute(_ITEMS)).all() == _STORED


async def test_foreign_keys(tables: Database) -> None:
    """A row without its parent raises IntegrityError."""
    for insert in (tag.insert(), prepared(tag.insert())):
        with pytest.raises(IntegrityError):
            async with tables.transaction() as transaction:
                await transaction.execute(insert, {"item_id": 77, "name": "red"})


async def test_unknown_table(tables: Database) -> None:
    """An error of the statement itself raises a DBAPIError that is no IntegrityError."""
    unknown: sa.Select[Any] = sa.select(sa.column("x")).select_from(sa.table("parity_missing"))
    for statement in (unknown, prepared(unknown)):
        with pytest.raises(DBAPIError) as caught:
            async with tables.reading() as connection:
                await connection.execute(statement)
        assert not isinstance(caught.value, IntegrityError)


async def test_savepoint(tables: Database) -> None:
    """An exception in a savepoint undoes only what happened since; the transaction goes on."""

    async def fail(transaction: Connection) -> None:
        async with transaction.begin_nested():
            await transaction.execute(item.insert().values(_NEW | {"units": 1}))
            await transaction.execute(prepared(item.insert()), ITEMS[0])

    async with tables.transaction() as transaction:
        await transaction.execute(item.delete().where(i.id == 4))
        with pytest.raises(IntegrityError):
            await fail(transaction)
        async with transaction.begin_nested():
            await transaction.execute(item.insert().values(id=8, kind="bed", units=1))
    async with tables.reading() as connection:
        assert (await connection.execute(_ITEMS)).all() == [*_STORED[:3], (8, "bed", 1)]


async def test_time_of_the_database(tables: Database) -> None:
    """The database's current time is a datetime."""
    async with tables.reading() as connection:
        assert isinstance(await connection.scalar(sa.select(sa.func.current_timestamp())), datetime | str)

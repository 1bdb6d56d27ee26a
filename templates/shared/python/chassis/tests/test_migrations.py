"""Tests of the migrations of all contexts, on the test's database."""

import ast
import asyncio
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError

from ..db import migrating, schema
from ..db.columns import UtcDateTime
from ..db.database import NAMES, Database, DatabaseSettings, known_tables
from ..db.migrating.comparison import differences
from ..db.migrating.revisions import Refused, new_revision

pytestmark = pytest.mark.skipif(not migrating.metadata(), reason="no context with tables is on the path")

Items = Sequence[sa.schema.SchemaItem]


async def found(database: Database, look: Callable[[sa.Connection], Any]) -> Any:
    """Return what `look` finds in the database."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(look)


async def execute(database: Database, statement: sa.Executable, values: Any = None) -> list[Any]:
    """Execute a statement in a transaction and return the rows, if there are any."""
    async with database.engine.begin() as connection:
        result = await connection.execute(statement, values)
        return [tuple(row) for row in result] if result.returns_rows else []


class Workspace:
    """A copy of the first context, to which a test adds tables and migrations."""

    def __init__(self, folder: Path) -> None:
        self.name, self._tables = next(iter(migrating.metadata().items()))
        self._migrations = folder / self.name / "migrations"
        shutil.copytree(migrating.contexts()[self.name] / "migrations", self._migrations)
        self.contexts = migrating.contexts() | {self.name: folder / self.name}
        self.metadata = migrating.metadata()

    def define(self, *tables: tuple[str, Items]) -> list[sa.Table]:
        """Let the code define these tables besides the context's own, and return them."""
        metadata = sa.MetaData(self.name, naming_convention=NAMES)
        for table in self._tables.sorted_tables:
            table.to_metadata(metadata)
        self.metadata = self.metadata | {self.name: metadata}
        return [sa.Table(name, metadata, *items) for name, items in tables]

    async def generate(self, message: str = "Change the shelves") -> str:
        """Write the migration to the tables that the code defines, and return its text."""
        return (await new_revision(self.name, message)).path.read_text()

    def write(self, statements: str) -> None:
        """Add a migration with these statements."""
        number = 1 + len(list(self._migrations.glob("0*.py")))
        path = self._migrations / f"{number:04}_by_hand.py"
        path.write_text(
            "import sqlalchemy as sa\nfrom alembic import op\n"
            f"revision = 'hand{number}'\ndown_revision = '{self.head()}'\n"
            f"def upgrade():\n    {statements}\ndef downgrade(): ...\n"
        )

    def head(self) -> str:
        """Return the newest revision."""
        newest = max(self._migrations.glob("0*.py")).read_text()
        return newest.split("revision = ")[1].split("\n")[0].strip("\"'")


@pytest.fixture
async def workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database: Database
) -> AsyncIterator[Workspace]:
    """A context that the test may change; its changes are reverted."""
    workspace = Workspace(tmp_path)
    before = workspace.head()
    for module in (migrating, schema):
        monkeypatch.setattr(module, "contexts", lambda: workspace.contexts)
    monkeypatch.setattr(migrating, "metadata", lambda: workspace.metadata)
    yield workspace
    await migrating.downgrade(database, before)


def shelf(*more: sa.schema.SchemaItem) -> tuple[str, Items]:
    """Return the definition of a table, with a self-reference and constraints."""
    return "shelf", [
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("label", sa.String(20), nullable=False, unique=True),
        sa.Column("height", sa.Integer, nullable=False),
        sa.CheckConstraint("height >= 0", name="height"),
        *more,
    ]


def item(table: str = "shelf") -> tuple[str, Items]:
    """Return the definition of a table whose rows are deleted together with those that they refer to."""
    return "item", [
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("shelf_id", sa.Integer, sa.ForeignKey(f"{table}.id", ondelete="CASCADE")),
    ]


async def test_migrations_create_the_tables_that_the_code_defines(database: Database) -> None:
    """Columns, types, indexes, foreign keys, CHECK constraints and the presence of defaults are equal."""
    assert await found(database, differences) == []


@pytest.mark.parametrize(
    "forgotten",
    [
        sa.Column("forgotten", sa.Integer),
        sa.CheckConstraint("height < 9", name="forgotten"),
        sa.Index("forgotten", "height"),
    ],
    ids=["column", "CHECK", "index"],
)
async def test_a_forgotten_migration_is_detected(
    workspace: Workspace, database: Database, forgotten: sa.schema.SchemaItem
) -> None:
    """What the code defines beyond the migrations is reported."""
    workspace.define(shelf())
    await workspace.generate()
    await migrating.upgrade(database)
    assert await found(database, differences) == []
    workspace.define(shelf(forgotten))
    assert "forgotten" in str(await found(database, differences))


async def test_migrations_go_down_and_up_again(database: Database) -> None:
    """Down to nothing, and up to the same tables as before."""
    await migrating.downgrade(database)
    tables = sum(len(metadata.sorted_tables) for metadata in migrating.metadata().values())
    assert len(await found(database, differences)) >= tables
    await migrating.upgrade(database)
    assert await found(database, differences) == []


async def test_concurrent_migrations_take_turns(connect: Callable[[], Database]) -> None:
    """Several processes that start at once migrate once."""
    databases = [connect() for _ in range(3)]
    await migrating.downgrade(databases[0])
    await asyncio.gather(*map(migrating.upgrade, databases))
    assert await found(databases[0], differences) == []


async def test_the_schema_is_checked_by_migrations(
    workspace: Workspace, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New code refuses an old schema; old code accepts a newer one, and does not try to migrate it."""
    await schema.check_schema(database)
    old = schema.known_revisions(workspace.contexts)
    workspace.define(shelf())
    await workspace.generate()
    with pytest.raises(schema.NotMigrated, match=workspace.head()):
        await schema.check_schema(database)
    await migrating.upgrade(database)
    await schema.check_schema(database)
    with monkeypatch.context() as patch:
        for module in (migrating, schema):
            patch.setattr(module, "known_revisions", lambda _: old)
        await schema.check_schema(database)
        await migrating.upgrade(database)


async def test_a_context_of_another_program_does_not_matter(database: Database) -> None:
    """Its migration in the table of versions stays, and neither prevents others nor stands for them."""
    await migrating.downgrade(database)
    schema_name = schema.version_schema(database.engine.dialect)
    versions = sa.table("alembic_version", sa.column("version_num"), schema=schema_name)
    await execute(database, sa.insert(versions).values(version_num="elsewhere_0001"))
    with pytest.raises(schema.NotMigrated):
        await schema.check_schema(database)
    await migrating.upgrade(database)
    await schema.check_schema(database)
    await execute(database, sa.delete(versions).where(versions.c.version_num == "elsewhere_0001"))
    assert await found(database, differences) == []


async def test_an_empty_database_has_no_schema(database: Database) -> None:
    """The check says so instead of failing on the missing table of versions."""
    await migrating.downgrade(database)
    async with database.engine.begin() as connection:
        versions = sa.Table("alembic_version", sa.MetaData(schema.version_schema(connection.dialect)))
        await connection.run_sync(versions.drop)
    with pytest.raises(schema.NotMigrated, match="No migrations have been applied"):
        await schema.check_schema(database)
    await migrating.upgrade(database)
    await schema.check_schema(database)


async def test_tables_that_move_to_another_database_are_missed(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They have other names then; a table that does not exist at all may belong to an older release."""
    if database.engine.dialect.name == "sqlite":
        pytest.skip("tables move only between servers")
    context = next(iter(migrating.metadata()))
    known = known_tables({context})
    assert known
    monkeypatch.setattr(schema, "known_tables", lambda _: {*known, (context, "shelf")})
    await schema.check_tables(database)
    for prefix in (schema.ARRIVING, schema.MOVED):
        await execute(database, sa.text(f"CREATE TABLE {context}.{prefix}shelf (id INTEGER)"))
        with pytest.raises(schema.TablesMove, match=f"another database: {context}.shelf"):
            await schema.check_tables(database)
        await execute(database, sa.text(f"DROP TABLE {context}.{prefix}shelf"))
    await schema.check_tables(database)


def test_no_two_contexts_have_a_table_of_the_same_name() -> None:
    """The embedded database has no schemas, so table names must be unique across contexts."""
    tables = Counter(table.name for each in migrating.metadata().values() for table in each.sorted_tables)
    assert [name for name, number in tables.items() if number > 1] == []


async def test_a_written_migration_keeps_the_data(
    workspace: Workspace, database: Database, connect: Callable[[], Database]
) -> None:
    """New columns, constraints and indexes reach a table with rows, and leave again."""
    old, items = workspace.define(shelf(), item(f"{workspace.name}.shelf"))
    await workspace.generate()
    await migrating.upgrade(database)
    await execute(database, sa.insert(old), [{"id": 1, "label": "a", "height": 2}])
    await execute(database, sa.insert(items), [{"id": 7, "shelf_id": 1}])
    before = workspace.head()
    changes = shelf(
        sa.Column("depth", sa.Integer, nullable=False, server_default="3"),
        sa.Column("load", sa.Numeric(8, 2)),
        sa.Column("labels", sa.JSON),
        sa.Column("open", sa.Boolean, nullable=False, server_default=sa.true()),
        sa.Column("built_at", UtcDateTime),
        sa.Column("above", sa.Integer, sa.ForeignKey(f"{workspace.name}.shelf.id")),
        sa.CheckConstraint("depth > 0", name="depth"),
        sa.Index(None, "depth"),
    )
    new, items = workspace.define(changes, item(f"{workspace.name}.shelf"))
    assert "UtcDateTime" not in await workspace.generate()
    await asyncio.gather(*(migrating.upgrade(each) for each in (database, connect())))
    assert await found(database, differences) == []
    assert await execute(database, sa.select(new)) == [(1, "a", 2, 3, None, None, True, None, None)]
    with pytest.raises(DatabaseError):
        await execute(database, sa.insert(new), [{"id": 2, "label": "b", "height": -1}])
    await migrating.downgrade(database, before)
    assert await execute(database, sa.select(old)) == [(1, "a", 2)]
    assert await execute(database, sa.select(items)) == [(7, 1)]


async def test_migrations_by_hand_name_no_schema(workspace: Workspace, database: Database) -> None:
    """Updating, dropping, altering and renaming work on every database and keep constraints."""
    old, items = workspace.define(shelf(sa.Column("width", sa.Integer)), item(f"{workspace.name}.shelf"))
    await workspace.generate()
    await migrating.upgrade(database)
    rows = [{"id": 1, "label": "a", "height": 2}, {"id": 2, "label": "b", "height": 9}]
    await execute(database, sa.insert(old), rows)
    await execute(database, sa.insert(items), [{"id": 7, "shelf_id": 1}])
    workspace.write(
        """shelf = sa.table("shelf", sa.column("id"), sa.column("label"))
    used = sa.select(sa.table("item", sa.column("shelf_id")).c.shelf_id)
    op.execute(sa.update(shelf).where(shelf.c.id.in_(used)).values(label="used"))
    op.execute("UPDATE shelf SET height = height + 1")
    with op.batch_alter_table("shelf") as batch:
        batch.drop_column("width")
        batch.alter_column(
            "label", new_column_name="name", type_=sa.String(30),
            existing_type=sa.String(20), existing_nullable=False,
        )"""
    )
    await migrating.upgrade(database)
    schema = None if database.engine.dialect.name == "sqlite" else workspace.name
    new = sa.table("shelf", sa.column("id"), sa.column("name"), sa.column("height"), schema=schema)
    assert await execute(database, sa.select(new).order_by("id")) == [(1, "used", 3), (2, "b", 10)]
    assert await execute(database, sa.select(items)) == [(7, 1)]
    inspect = sa.inspect
    checks = await found(database, lambda sync: inspect(sync).get_check_constraints("shelf", schema))
    uniques = await found(database, lambda sync: inspect(sync).get_unique_constraints("shelf", schema))
    names = [each["name"] for each in (*checks, *uniques)]
    assert names == ["ck_shelf_height", "uq_shelf_label"]


HALVES = """op.add_column("shelf", sa.Column("depth", sa.Integer))
    op.execute("UPDATE shelf SET height = height + 1")
    op.create_index("uq_shelf_height", "shelf", ["height"], unique=True)
    op.execute("UPDATE shelf SET depth = height")"""


async def _shelves(workspace: Workspace, database: Database, heights: Sequence[int]) -> sa.Table:
    """Create shelves of these heights."""
    (table,) = workspace.define(shelf())
    await workspace.generate()
    await migrating.upgrade(database)
    rows = [{"id": id, "label": str(id), "height": height} for id, height in enumerate(heights)]
    await execute(database, sa.insert(table), rows)
    return table


async def _depths(workspace: Workspace, database: Database) -> list[Any]:
    """Return the heights and depths of the shelves."""
    schema = None if database.engine.dialect.name == "sqlite" else workspace.name
    table = sa.table("shelf", sa.column("id"), sa.column("height"), sa.column("depth"), schema=schema)
    return await execute(database, sa.select(table.c.height, table.c.depth).order_by(table.c.id))


async def test_a_migration_that_failed_halfway_runs_again(workspace: Workspace, database: Database) -> None:
    """Each of its statements has its effect once, also where nothing undoes those before the failure."""
    table = await _shelves(workspace, database, [2, 2])
    workspace.write(HALVES)
    for _ in range(2):
        with pytest.raises(DatabaseError, match="height"):
            await migrating.upgrade(database)
    await execute(database, sa.update(table).where(table.c.id == 1).values(height=table.c.height + 5))
    await migrating.upgrade(database)
    assert await _depths(workspace, database) == [(3, 3), (8, 8)]


async def test_a_migration_that_was_killed_runs_again(
    workspace: Workspace, connect: Callable[[], Database]
) -> None:
    """Each of its statements has its effect once, wherever the process ended."""
    await _shelves(workspace, connect(), [2, 4])
    workspace.write(HALVES)
    before, ended = 0, True
    while ended:
        before += 2
        ended = await _ends_before(connect(), before)
    assert before > HALVES.count("op.")
    assert await _depths(workspace, connect()) == [(3, 3), (5, 5)]


async def _ends_before(database: Database, number: int) -> bool:
    """Migrate up to the statement of this number, and return whether there was one."""
    left = number

    def end(*_: object) -> None:
        nonlocal left
        left -= 1
        if not left:
            raise KeyboardInterrupt

    engine = database.engine.sync_engine
    sa.event.listen(engine, "before_cursor_execute", end)
    with suppress(KeyboardInterrupt):
        await migrating.upgrade(database)
        return False
    return True


async def test_a_context_gets_its_first_migration(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A new context needs only tables; its name may be a word of SQL."""
    metadata = sa.MetaData("order", naming_convention=NAMES)
    sa.Table("select", metadata, sa.Column("id", sa.Integer, primary_key=True))
    (tmp_path / "order").mkdir()
    monkeypatch.setattr(migrating, "contexts", lambda: {"order": tmp_path / "order"})
    monkeypatch.setattr(migrating, "metadata", lambda: {"order": metadata})
    path = (await new_revision("order", "Create the select table")).path
    assert path.name == "0001_create_the_select_table.py"
    assert 'branch_labels = ("order",)' in path.read_text()
    # On a server, the schema would outlive the test's database.
    embedded = Database(DatabaseSettings(database_url=f"sqlite+aiosqlite:///{tmp_path}/order.db"))
    await migrating.upgrade(embedded)
    assert await found(embedded, differences) == []
    await embedded.close()


@pytest.mark.parametrize("message", ['"Quoted"', 'A """docstring"""', "C:\\new", "Done.", "long " * 40])
async def test_the_message_may_be_any_text(workspace: Workspace, message: str) -> None:
    """It becomes the docstring, as one sentence."""
    written = ast.parse(await workspace.generate(message))
    docstring = ast.get_docstring(written)
    assert docstring is not None
    assert " ".join(docstring.split()) == " ".join(message.split()).rstrip(".") + "."


async def test_without_a_change_the_migration_is_empty(workspace: Workspace) -> None:
    """The author is told so, because an empty migration is for data."""
    new = await new_revision(workspace.name, "Change the data")
    assert "match" in new.remarks[0]
    assert "pass" in new.path.read_text()


async def test_a_rename_is_suspected(workspace: Workspace, database: Database) -> None:
    """A renamed column looks like a dropped and an added one; the author is told."""
    workspace.define(shelf(sa.Column("width", sa.Integer)))
    await new_revision(workspace.name, "Add the shelves")
    workspace.define(shelf(sa.Column("breadth", sa.Integer)))
    assert "drops width" in (await new_revision(workspace.name, "Rename")).remarks[0]


@pytest.mark.parametrize(
    ("column", "advice"),
    [
        (sa.Column("depth", sa.Integer, nullable=False), "server_default"),
        (sa.Column("kind", sa.Enum("low", "high", name="kind")), "native_enum=False"),
    ],
    ids=["NOT NULL", "Enum"],
)
async def test_a_column_that_only_empty_tables_can_get_is_refused(
    workspace: Workspace, column: sa.Column[Any], advice: str
) -> None:
    """Its migration would pass in development and fail in production."""
    workspace.define(shelf())
    await workspace.generate()
    workspace.define(shelf(column))
    before = workspace.head()
    with pytest.raises(Refused, match=rf"shelf\.{column.name}.*{advice}"):
        await workspace.generate()
    assert workspace.head() == before


@pytest.mark.parametrize(("context", "message"), [("shelfs", "Add"), ("", "Add"), ("shelves", " . ")])
async def test_a_mistake_is_explained(workspace: Workspace, context: str, message: str) -> None:
    """An unknown context names the known ones; an empty message is refused."""
    workspace.contexts |= {"shelves": Path("shelves")}
    with pytest.raises(Refused, match="shelves" if context != "shelves" else "few words"):
        await new_revision(context, message)

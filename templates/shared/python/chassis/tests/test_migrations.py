"""Tests of the migrations of all contexts, on the test's database."""

import asyncio
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from .. import migrating
from ..database import NAMES, Database

pytestmark = pytest.mark.skipif(not migrating.metadata(), reason="no context with tables is on the path")

_NO_SCHEMA: Any = None
_BLANK: Any = sa.BLANK_SCHEMA


def differences(connection: sa.Connection) -> list[Any]:
    """Return the differences between the migrated tables and those that the code defines."""
    options = {"compare_type": _types_differ, "include_schemas": connection.dialect.name != "sqlite"}
    context = MigrationContext.configure(connection, opts=options | {"include_name": _is_own})
    return list(compare_metadata(context, _defined_tables(connection.dialect.name)))


def _is_own(name: str | None, kind: str, _: Any) -> bool:
    if kind == "schema":
        return name is None or name in migrating.metadata()
    return name != "alembic_version"


def _types_differ(_: Any, __: Any, ___: Any, found: sa.types.TypeEngine[Any], expected: Any) -> bool | None:
    # A database may choose the smallest type of blob that holds the length.
    return False if isinstance(found, sa.types._Binary) and isinstance(expected, sa.LargeBinary) else None


def _defined_tables(dialect: str) -> sa.MetaData:
    everything = sa.MetaData(naming_convention=NAMES)
    for metadata in migrating.metadata().values():
        for table in metadata.sorted_tables:
            if dialect == "sqlite":
                table.to_metadata(everything, schema=_NO_SCHEMA, referred_schema_fn=lambda *_: _BLANK)
            else:
                table.to_metadata(everything)
    return everything


async def found(database: Database, look: Callable[[sa.Connection], Any]) -> Any:
    """Return what `look` finds in the database."""
    async with database.engine.connect() as connection:
        return await connection.run_sync(look)


async def test_migrations_create_the_tables_that_the_code_defines(database: Database) -> None:
    assert await found(database, differences) == []


async def test_a_forgotten_migration_is_detected(database: Database) -> None:
    table = next(iter(migrating.metadata().values())).sorted_tables[0]
    forgotten = sa.Column("forgotten", sa.Integer)
    table.append_column(forgotten)
    try:
        assert "forgotten" in str(await found(database, differences))
    finally:
        table._columns.remove(forgotten)


async def test_migrations_go_down_and_up_again(database: Database) -> None:
    await migrating.downgrade(database)
    tables = sum(len(metadata.sorted_tables) for metadata in migrating.metadata().values())
    assert len(await found(database, differences)) >= tables
    await migrating.upgrade(database)
    assert await found(database, differences) == []


async def test_concurrent_migrations_take_turns(connect: Callable[[], Database]) -> None:
    databases = [connect() for _ in range(3)]
    await migrating.downgrade(databases[0])
    await asyncio.gather(*map(migrating.upgrade, databases))
    assert await found(databases[0], differences) == []


def test_no_two_contexts_have_a_table_of_the_same_name() -> None:
    """The embedded database has no schemas, so table names must be unique across contexts."""
    tables = Counter(table.name for each in migrating.metadata().values() for table in each.sorted_tables)
    assert [name for name, number in tables.items() if number > 1] == []


def test_a_new_revision_follows_the_newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    context = tmp_path / "shelves"
    (context / "migrations").mkdir(parents=True)
    (context / "migrations" / "0001_begin.py").write_text(
        'revision = "shelves_0001"\ndown_revision = None\nbranch_labels = ("shelves",)\n'
        "def upgrade() -> None: ...\ndef downgrade() -> None: ...\n"
    )
    monkeypatch.setattr(migrating, "folders", lambda: [context])
    path = migrating.new_revision("shelves", "Add a weight")
    assert path.name == "0002_add_a_weight.py"
    assert "down_revision = 'shelves_0001'" in path.read_text()

"""The schema that the code needs, compared with the migrations that the database has.

Alembic is not imported: it would cost each process 11 MB of memory and 0.2 s of its start.
"""

import ast
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import sqlalchemy as sa

from ..project import PACKAGE
from . import dialect
from .database import Database, known_tables

MOVED = "moved_"
"""Prefix of tables that have moved to another database."""
ARRIVING = "arriving_"
"""Prefix of tables that come from another database, before they are in use."""
_NAME = re.compile(r"(?P<context>\w+)_\d{4}")


class NotMigrated(Exception):
    """The database lacks migrations that the code needs; the message names them."""


class TablesMove(Exception):
    """Tables that the code needs are not in use in this database now; the message names them."""


@dataclass(frozen=True, slots=True)
class Revision:
    """A migration of a context, and those that run before it."""

    id: str
    context: str
    after: frozenset[str]


def contexts() -> dict[str, Path]:
    """Return the folder of each context with tables or migrations, anywhere on the Python path."""
    package = find_spec(PACKAGE)
    # The package belongs to services, which shared code is also tested without. Folders may be listed twice.
    roots = {Path(root).resolve() for root in (package and package.submodule_search_locations) or ()}
    marks = [path for root in roots for path in (*root.glob("*/tables.py"), *root.glob("*/migrations"))]
    return {folder.name: folder for folder in sorted(path.parent for path in marks)}


def known_revisions(folders: Mapping[str, Path]) -> list[Revision]:
    """Return the migrations of the contexts in `folders`."""
    return [
        _revision(context, path)
        for context, folder in folders.items()
        for path in sorted((folder / "migrations").glob("[!_]*.py"))
    ]


def missing(known: Collection[Revision], rows: Collection[str]) -> set[str]:
    """Return the `known` migrations that a database lacks whose table of versions has `rows`.

    A row names the newest migration of a context. One that is not known is from a newer release, whose
    migrations include all of this one, unless its name is that of a context which this code does not have. So
    a context without a known migration is then ahead, not empty, and the old release keeps serving while a
    new one changes the schema.
    """
    by_id = {each.id: each for each in known}
    applied: set[str] = set()
    pending = [each for each in rows if each in by_id]
    while pending:
        each = pending.pop()
        if each not in applied:
            applied.add(each)
            pending.extend(by_id[each].after & by_id.keys())
    behind = {by_id[each].context for each in applied}
    own = {each.context for each in known}
    is_ahead = any(each not in by_id and not _is_of_another(each, own) for each in rows)
    return {each.id for each in known if each.id not in applied and (each.context in behind or not is_ahead)}


def _is_of_another(id: str, contexts: Collection[str]) -> bool:
    """Whether the name of a migration, such as payments_0001, begins with that of none of the contexts."""
    name = _NAME.fullmatch(id)
    # Long names of contexts are shortened.
    return name is not None and not any(each.startswith(name["context"]) for each in contexts)


async def check_schema(database: Database) -> None:
    """Raise `NotMigrated` unless the database has all migrations that the code needs."""
    known = known_revisions(contexts())
    if not known:
        return
    async with database.reading() as connection:
        versions = sa.table(
            "alembic_version", sa.column("version_num"), schema=version_schema(connection.dialect)
        )
        try:
            rows = [each.version_num for each in await connection.execute(sa.select(versions))]
        except sa.exc.DBAPIError as error:
            # Servers have different errors for a missing table.
            raise NotMigrated(f"No migrations have been applied ({error.orig}). Run `migrate`.") from error
    if lacking := missing(known, rows):
        raise NotMigrated(
            f"These migrations have not been applied: {', '.join(sorted(lacking))}. Run `migrate`."
        )


async def check_tables(database: Database) -> None:
    """Raise `TablesMove` if tables have the names that they have while they move to another database."""
    expected = known_tables(contexts())
    async with database.probing() as connection:
        if not expected or connection.dialect.name == "sqlite":
            return
        # Not by a SELECT from each table, which would wait for the locks of a migration.
        tables = sa.table(
            "tables", sa.column("table_schema"), sa.column("table_name"), schema="information_schema"
        )
        names = sa.select(tables.c.table_schema, tables.c.table_name)
        rows = await connection.execute(
            names.where(tables.c.table_schema.in_(sorted({schema for schema, _ in expected})))
        )
        found = {(schema, name) for schema, name in rows}
    # A table that is just not there is no reason: a newer release may have dropped it.
    moving = [
        f"{schema}.{name}"
        for schema, name in sorted(expected - found)
        if not found.isdisjoint({(schema, ARRIVING + name), (schema, MOVED + name)})
    ]
    if moving:
        raise TablesMove(f"These tables move to or from another database: {', '.join(moving)}.")


def version_schema(of: sa.Dialect) -> str | None:
    """Return the schema of Alembic's table of versions."""
    return of.default_schema_name if of.name == "sqlite" else dialect.version_schema(of)


def _revision(context: str, path: Path) -> Revision:
    names: dict[str, list[str]] = {key: [] for key in ("revision", "down_revision", "depends_on")}
    for each in ast.parse(path.read_bytes()).body:
        # A migration assigns a name, several names or None.
        if isinstance(each, ast.Assign | ast.AnnAssign) and each.value is not None:
            for target in each.targets if isinstance(each, ast.Assign) else [each.target]:
                if isinstance(target, ast.Name) and target.id in names:
                    value = ast.literal_eval(each.value)
                    names[target.id] = [value] if isinstance(value, str) else list(value or ())
    return Revision(names["revision"][0], context, frozenset(names["down_revision"] + names["depends_on"]))

"""Migrations that ended halfway, which go on where they ended when they are run again.

MySQL commits the transaction before and after each change of a schema, so nothing undoes what a failed or
killed migration has done until then. A table therefore notes each of its statements: those that change a
schema before they are executed, because that commits the note, and those that change rows after it, in their
transaction. The statement that sets the version of the database deletes the notes.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

_SCHEMA = frozenset({"ALTER", "CREATE", "DROP", "RENAME"})
_ROWS = frozenset({"DELETE", "INSERT", "REPLACE", "UPDATE"})
_TABLE = "unfinished_migration"
_VERSIONS = "alembic_version"
# Each run creates the schemas that do not exist yet, before the migrations.
_NEW_SCHEMA = "CREATE SCHEMA"
_DO_NOTHING = "DO 0"
# Tables, columns, keys, constraints and triggers that exist already, or that do not exist any longer.
_IN_EFFECT = {1050, 1051, 1054, 1060, 1061, 1068, 1091, 1146, 1359, 1360, 1826, 3821, 3822}


@contextmanager
def resuming(connection: sa.Connection) -> Iterator[None]:
    """Run migrations in the block: one that ended halfway in an earlier run goes on, others begin."""
    notes = _Notes(connection)
    listeners = {"do_execute": notes.execute, "do_executemany": notes.execute_many}
    for name, listener in listeners.items():
        event.listen(connection.engine, name, listener)
    try:
        yield
    finally:
        for name, listener in listeners.items():
            event.remove(connection.engine, name, listener)
    notes.drop()


class _Notes:
    """The statements of the migration that is not finished, in a table of the default schema."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._table = sa.Table(
            _TABLE,
            sa.MetaData(schema=connection.dialect.default_schema_name),
            sa.Column("number", sa.Integer, primary_key=True),
            sa.Column("statement", sa.String(64), nullable=False),
        )
        self._exists = sa.inspect(connection).has_table(_TABLE, self._table.schema)
        statements = sa.select(self._table.c.statement)
        self._earlier = Counter(connection.scalars(statements) if self._exists else ())
        connection.commit()

    def execute(self, cursor: Any, statement: str, parameters: Any, _context: object) -> bool:
        """Execute a statement, if it is one of a migration."""
        return self._handle(cursor, statement, parameters, cursor.execute)

    def execute_many(self, cursor: Any, statement: str, parameters: Any, _context: object) -> bool:
        """Execute a statement for each set of parameters, if it is one of a migration."""
        return self._handle(cursor, statement, parameters, cursor.executemany)

    def drop(self) -> None:
        """Drop the table: all migrations are finished."""
        if self._exists:
            self._table.drop(self._connection)

    def _handle(self, cursor: Any, statement: str, parameters: Any, execute: Callable[..., Any]) -> bool:
        word = statement.split(maxsplit=1)[0].upper()
        if word not in _SCHEMA | _ROWS or _TABLE in statement or statement.startswith(_NEW_SCHEMA):
            return False
        if _VERSIONS in statement:
            self._finish()
            return False
        if not self._exists:
            # Before the first statement of a migration, because this commits, too.
            self._table.create(self._connection)
            self._exists = True
        schema = self._connection.scalar(sa.select(sa.func.database()))
        note = sha256(repr((schema, statement, parameters)).encode()).hexdigest()
        if self._earlier[note]:
            self._earlier[note] -= 1
            self._repeat(cursor, word in _SCHEMA, lambda: execute(statement, parameters))
        elif word in _SCHEMA:
            self._change_schema(note, lambda: execute(statement, parameters))
        else:
            execute(statement, parameters)
            self._add(note)
        return True

    def _repeat(self, cursor: Any, changes_schema: bool, execute: Callable[[], Any]) -> None:
        """Do nothing, unless the process ended between the note of a change and the change."""
        try:
            if changes_schema:
                execute()
                return
        except Exception as error:
            if not error.args or error.args[0] not in _IN_EFFECT:
                raise
        cursor.execute(_DO_NOTHING)

    def _change_schema(self, note: str, execute: Callable[[], Any]) -> None:
        number = self._add(note)
        try:
            execute()
        except Exception:
            # Without a connection, nobody knows whether the change took effect, so the note stays.
            with suppress(sa.exc.DBAPIError):
                self._connection.execute(sa.delete(self._table).where(self._table.c.number == number))
                self._connection.exec_driver_sql("COMMIT")
            raise

    def _add(self, note: str) -> int:
        return self._connection.execute(sa.insert(self._table).values(statement=note)).lastrowid

    def _finish(self) -> None:
        self._earlier.clear()
        if self._exists:
            self._connection.execute(sa.delete(self._table))

"""New migrations, written from the difference between a context's tables and its migrations."""

import io
import re
import textwrap
from contextlib import redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.operations import ops
from alembic.script import Script

from .. import migrating
from ..database import Database, DatabaseSettings
from . import Session, run
from .comparison import comparison, copied

# The table of versions has room for 32 characters.
_LONGEST_NAME = 27
_FORMATTERS = {
    "imports": "check --quiet --fix --select F401,I REVISION_SCRIPT_FILENAME",
    "format": "format --quiet REVISION_SCRIPT_FILENAME",
}


class Refused(Exception):
    """The migration cannot be written; the message says what to do."""


@dataclass(slots=True)
class NewRevision:
    """A new migration: its file, and what its author should know."""

    path: Path
    remarks: list[str] = field(default_factory=list)


async def new_revision(context: str, message: str) -> NewRevision:
    """Write the migration of `context` from its newest one to its tables; raise `Refused`.

    It is derived from an empty embedded database, so no server and no development database is needed.
    """
    contexts = migrating.contexts()
    if context not in contexts:
        raise Refused(f"There is no context {context!r} with tables. Use one of: {', '.join(contexts)}.")
    summary = " ".join(message.split()).rstrip(".")
    if not summary:
        raise Refused("Describe the change in a few words, such as 'Add the weight'.")
    versions = contexts[context] / "migrations"
    is_first = not versions.exists()
    versions.mkdir(exist_ok=True)
    database = Database(DatabaseSettings(database_url="sqlite+aiosqlite://"))
    writer = _Writer(context, versions, summary)
    try:
        await run(database, writer.write)
    except Refused:
        if is_first:
            versions.rmdir()
        raise
    finally:
        await database.close()
    assert writer.path is not None
    return NewRevision(writer.path, writer.remarks)


class _Writer:
    """Writes the next migration of one context."""

    def __init__(self, context: str, versions: Path, summary: str) -> None:
        self.path: Path | None = None
        self.remarks: list[str] = []
        self._context = context
        self._versions = versions
        self._summary = summary

    def write(self, session: Session) -> None:
        """Migrate the context's tables in an empty database, compare, and write the file."""
        heads = session.heads(self._context)
        if len(heads) > 1:
            raise Refused(
                f"Two migrations of {self._context} follow the same one: {', '.join(heads)}. "
                "Set down_revision of one of them to the other."
            )
        for head in heads:
            session.upgrade(head)
        # Only this context has tables now; Alembic insists that all migrations have run.
        command.stamp(session.config, "heads")
        number, revision = self._next(session)
        self._configure(session, number)
        with redirect_stdout(io.StringIO()):
            script = command.revision(
                session.config,
                _escaped(self._summary),
                autogenerate=True,
                head=heads[0] if heads else "base",
                branch_label=None if heads else self._context,
                rev_id=revision,
                version_path=str(self._versions),
                process_revision_directives=self._inspect,
            )
        assert isinstance(script, Script)
        self.path = Path(script.path)

    def _next(self, session: Session) -> tuple[int, str]:
        """Return the number and the id of the next revision."""
        numbers = [int(path.name[:4]) for path in self._versions.glob("[0-9][0-9][0-9][0-9]_*.py")]
        taken = {script.revision for script in session.scripts.walk_revisions()}
        number = max(numbers, default=0) + 1
        while (revision := f"{self._context[:_LONGEST_NAME]}_{number:04}") in taken:
            number += 1
        return number, revision

    def _configure(self, session: Session, number: int) -> None:
        config = session.config
        config.set_main_option("file_template", f"{number:04}_%%(slug)s")
        config.set_section_option("post_write_hooks", "hooks", ", ".join(_FORMATTERS))
        for name, options in _FORMATTERS.items():
            for key, value in {"type": "module", "module": "ruff", "options": options}.items():
                config.set_section_option("post_write_hooks", f"{name}.{key}", value)
        tables = migrating.metadata().get(self._context, sa.MetaData())
        session.options |= comparison([self._context]) | {
            "target_metadata": _portable(tables),
            "render_as_batch": True,
            "render_item": _render_item,
        }

    def _inspect(self, _context: Any, _revision: Any, directives: list[ops.MigrationScript]) -> None:
        changes = directives[0].upgrade_ops
        assert changes is not None
        if changes.is_empty():
            self.remarks.append(
                f"The tables of {self._context} match its migrations, so the new one is empty. "
                "Fill it in to change data."
            )
        for each in changes.ops:
            if isinstance(each, ops.ModifyTableOps):
                self._inspect_table(each)

    def _inspect_table(self, changes: ops.ModifyTableOps) -> None:
        added = [each.column for each in changes.ops if isinstance(each, ops.AddColumnOp)]
        dropped = [each.column_name for each in changes.ops if isinstance(each, ops.DropColumnOp)]
        for column in added:
            if not (column.nullable or column.server_default is not None or column.computed):
                raise Refused(
                    f"{changes.table_name}.{column.name} is NOT NULL, but existing rows have no value. "
                    "Give it a server_default, which fills them, or make it nullable."
                )
            if isinstance(column.type, sa.Enum) and column.type.native_enum:
                raise Refused(
                    f"{changes.table_name}.{column.name}: some servers need a type for an Enum, which "
                    "adding the column does not create. Use sa.Enum(..., native_enum=False)."
                )
        if added and dropped:
            self.remarks.append(
                f"The migration drops {', '.join(dropped)} from {changes.table_name} with all values. "
                "To rename a column instead, use batch_op.alter_column(..., new_column_name=...)."
            )


def _portable(tables: sa.MetaData) -> sa.MetaData:
    """Return a copy of the tables without schemas and with the types that their columns are stored as."""
    copies = copied([tables], schemas=False)
    for table in copies.tables.values():
        for column in table.columns:
            while isinstance(column.type, sa.TypeDecorator) and _is_own(column.type):
                column.type = column.type.impl_instance
    return copies


def _is_own(kind: object) -> bool:
    return not type(kind).__module__.startswith("sqlalchemy.")


def _render_item(kind: str, item: Any, context: Any) -> str | bool:
    """Render what differs between databases so that it works on all; False leaves it to Alembic."""
    if kind == "type" and _is_own(item):
        context.imports.add(f"import {type(item).__module__}")
    if kind == "server_default" and isinstance(item, sa.DefaultClause):
        for literal in ("true", "false"):
            if item.arg is getattr(sa, literal)():
                return f"sa.{literal}()"
    return False


def _escaped(text: str) -> str:
    """Return the text as it is written inside a docstring."""
    text = text.replace("\\", "\\\\")
    text = re.sub('^"+|"{3,}', lambda quotes: quotes[0].replace('"', '\\"'), text)
    return textwrap.fill(text, 100, break_long_words=False, break_on_hyphens=False)
